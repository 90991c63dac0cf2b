// @ts-check
/**
 * Every AI client of this stage: what npm installs of it (`packages/ID`), and how it is started without a person, with
 * the scripted model in place of its own. How it finds Countersign is not here: `countersign connect` writes that.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const native = `${process.platform}-${process.arch}`;
const task = 'Read the note, write it, delete it.';

/** @param {string} file @param {string | object} content */
function put(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
}

/**
 * `program`: below node_modules. Installed without running anybody's scripts, so native programs are started from their
 * own packages; `.js` runs with this Node, or with a newer one where it needs that.
 * @typedef {{ id: string, megabytes: number, program: string, newerNode?: true,
 *   prepare?: (home: string, modelUrl: string) => void, args: (home: string) => string[],
 *   environment: (modelUrl: string) => Record<string, string> }} Agent
 */

/** @type {readonly Agent[]} */
export const agents = [
  {
    id: 'claude-code',
    megabytes: 370,
    program: `@anthropic-ai/claude-code-${native}/claude`,
    args: () => ['-p', task, '--allowedTools', 'mcp__countersign'],
    environment: (modelUrl) => ({
      ANTHROPIC_BASE_URL: modelUrl,
      ANTHROPIC_API_KEY: 'none',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      ENABLE_TOOL_SEARCH: 'false',
    }),
  },
  {
    id: 'codex',
    megabytes: 410,
    program: '@openai/codex/bin/codex.js',
    prepare(home, modelUrl) {
      const provider = `[model_providers.scripted]\nname = "scripted"\nbase_url = "${modelUrl}/v1"\nwire_api = "responses"\n`;
      put(join(home, '.codex', 'config.toml'), `model = "scripted"\nmodel_provider = "scripted"\n\n${provider}`);
    },
    args: () => ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', task],
    environment: () => ({}),
  },
  {
    id: 'opencode',
    megabytes: 310,
    program: `opencode-${native}/bin/opencode`,
    prepare(home, modelUrl) {
      const scripted = {
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: `${modelUrl}/v1`, apiKey: 'none' },
        models: { scripted: { tool_call: true } },
      };
      const configuration = { autoupdate: false, model: 'scripted/scripted', provider: { scripted } };
      put(join(home, '.config', 'opencode', 'opencode.json'), configuration);
    },
    args: () => ['run', task],
    environment: () => ({ OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1' }),
  },
  {
    id: 'gemini',
    megabytes: 100,
    program: '@google/gemini-cli/bundle/gemini.js',
    prepare(home) {
      const security = { auth: { selectedType: 'gemini-api-key' } };
      put(join(home, '.gemini', 'settings.json'), { security, privacy: { usageStatisticsEnabled: false } });
    },
    args: () => ['-m', 'gemini-2.5-flash', '-p', task, '--yolo', '--skip-trust'],
    environment: (modelUrl) => ({ GEMINI_API_KEY: 'none', GOOGLE_GEMINI_BASE_URL: modelUrl }),
  },
  {
    // It offers the model no tool of a server at first: those are found and called by two tools of its own.
    id: 'qwen',
    megabytes: 140,
    program: '@qwen-code/qwen-code/cli-entry.js',
    newerNode: true,
    prepare: (home) => put(join(home, '.qwen', 'settings.json'), { privacy: { usageStatisticsEnabled: false } }),
    args: () => ['--auth-type', 'openai', '-m', 'scripted', '--yolo', '-p', task],
    environment: (modelUrl) => ({
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: `${modelUrl}/v1`,
      OPENAI_MODEL: 'scripted',
      QWEN_CODE_SUPPRESS_YOLO_WARNING: '1',
    }),
  },
  {
    id: 'copilot',
    megabytes: 200,
    program: `@github/copilot-${native}/copilot`,
    args: () => ['-p', task, '--allow-all-tools', '--no-auto-update'],
    // Its own way of working without GitHub: a model provider that one brings, and offline mode.
    environment: (modelUrl) => ({
      COPILOT_OFFLINE: 'true',
      COPILOT_PROVIDER_BASE_URL: `${modelUrl}/v1`,
      COPILOT_PROVIDER_API_KEY: 'none',
      COPILOT_MODEL: 'scripted',
    }),
  },
  {
    id: 'continue',
    megabytes: 70,
    program: '@continuedev/cli/dist/cn.js',
    prepare(home, modelUrl) {
      const model = `  - name: scripted\n    provider: openai\n    model: scripted\n    apiKey: none\n    apiBase: ${modelUrl}/v1\n`;
      const chat = '    roles: [chat]\n    capabilities: [tool_use]\n';
      const beginning = 'name: Local config\nversion: 1.0.0\nschema: v1\n';
      put(join(home, '.continue', 'config.yaml'), `${beginning}models:\n${model}${chat}`);
    },
    args: (home) => ['-p', task, '--auto', '--config', join(home, '.continue', 'config.yaml')],
    environment: () => ({ CONTINUE_CLI_ENABLE_TELEMETRY: '0', CONTINUE_METRICS_ENABLED: '0' }),
  },
];
