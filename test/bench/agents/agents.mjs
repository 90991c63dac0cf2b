// @ts-check
/** How each AI client is started without a person, with the scripted model in place of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Installed without running anybody's scripts, so native programs are started from their own packages.
const native = `${process.platform}-${process.arch}`;
const task = 'Read the note, write it, delete it.';

/**
 * @typedef {{ id: string, npmName: string, program: string, prepare?: (home: string, modelUrl: string) => void,
 *   args: (project: string) => string[], environment: (modelUrl: string) => Record<string, string> }} Agent
 */

/** @type {readonly Agent[]} */
export const agents = [
  {
    id: 'claude-code',
    npmName: '@anthropic-ai/claude-code',
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
    npmName: '@openai/codex',
    program: '.bin/codex',
    prepare(home, modelUrl) {
      mkdirSync(join(home, '.codex'), { recursive: true });
      const provider = `[model_providers.scripted]\nname = "scripted"\nbase_url = "${modelUrl}/v1"\nwire_api = "responses"\n`;
      writeFileSync(
        join(home, '.codex', 'config.toml'),
        `model = "scripted"\nmodel_provider = "scripted"\n\n${provider}`,
      );
    },
    args: () => ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', task],
    environment: () => ({}),
  },
  {
    id: 'opencode',
    npmName: 'opencode-ai',
    program: `opencode-${native}/bin/opencode`,
    prepare(home, modelUrl) {
      const folder = join(home, '.config', 'opencode');
      mkdirSync(folder, { recursive: true });
      const scripted = {
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: `${modelUrl}/v1`, apiKey: 'none' },
        models: { scripted: { tool_call: true } },
      };
      const configuration = { autoupdate: false, model: 'scripted/scripted', provider: { scripted } };
      writeFileSync(join(folder, 'opencode.json'), JSON.stringify(configuration));
    },
    args: () => ['run', task],
    environment: () => ({ OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1' }),
  },
  {
    id: 'gemini',
    npmName: '@google/gemini-cli',
    program: '.bin/gemini',
    prepare(home) {
      mkdirSync(join(home, '.gemini'), { recursive: true });
      const security = { auth: { selectedType: 'gemini-api-key' } };
      writeFileSync(
        join(home, '.gemini', 'settings.json'),
        JSON.stringify({ security, privacy: { usageStatisticsEnabled: false } }),
      );
    },
    args: () => ['-m', 'gemini-2.5-flash', '-p', task, '--yolo', '--skip-trust'],
    environment: (modelUrl) => ({ GEMINI_API_KEY: 'none', GOOGLE_GEMINI_BASE_URL: modelUrl }),
  },
];
