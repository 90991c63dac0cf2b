/** Upstream managers for tests, with real servers as child processes; everything is ended when the test is over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import type { UpstreamOutcome, UpstreamRequest } from '../../mcp-bridge/pipeline/ports.ts';
import { UpstreamManager, type UpstreamManagerOptions } from '../../mcp-bridge/upstream/manager.ts';
import { memoryPinStore } from '../../mcp-bridge/upstream/pin-store.ts';
import { parseServerConfigs } from '../../mcp-bridge/upstream/server-config.ts';

export const BRIDGE = { name: 'countersign-test', version: '0.0.0', title: 'Countersign test' };
const packages = resolve('node_modules');

export const servers = {
  filesystem: (folder: string) =>
    node(join(packages, '@modelcontextprotocol/server-filesystem/dist/index.js'), [folder]),
  memory: (file: string) => ({
    ...node(join(packages, '@modelcontextprotocol/server-memory/dist/index.js')),
    env: { MEMORY_FILE_PATH: file },
  }),
  everything: () => node(join(packages, '@modelcontextprotocol/server-everything/dist/index.js')),
  git: () => node(join(packages, '@cyanheads/git-mcp-server/dist/index.js')),
  conformance: (...options: string[]) => node(resolve('test/support/conformance-upstream.mjs'), options),
  evil: (...options: string[]) => node(resolve('test/support/evil-upstream.mjs'), options),
};

export function node(script: string, args: readonly string[] = []) {
  return { command: process.execPath, args: [script, ...args] };
}

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-upstream-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A manager with these `mcpServers`, started; by default what is seen first is accepted. */
export async function startManager(
  mcpServers: JsonObject,
  options: Partial<UpstreamManagerOptions> = {},
): Promise<UpstreamManager> {
  const manager = new UpstreamManager({
    bridge: BRIDGE,
    review: 'first-use',
    pinStore: memoryPinStore(),
    silenceMs: 1_500,
    connectTimeoutMs: 15_000,
    ...options,
  });
  onTestFinished(() => manager.close());
  await manager.start(parseServerConfigs(mcpServers));
  return manager;
}

export function callTool(
  manager: UpstreamManager,
  serverId: string,
  name: string,
  toolArguments: JsonObject = {},
  more: Partial<UpstreamRequest> & { readonly meta?: JsonObject } = {},
): Promise<UpstreamOutcome> {
  const { meta, ...others } = more;
  const params = { name, arguments: toolArguments, ...(meta === undefined ? {} : { _meta: meta }) };
  return manager.request({ serverId, method: 'tools/call', params, signal: new AbortController().signal, ...others });
}

/** The first text of a tool's result; the whole outcome where there is none. */
export function textOf(outcome: UpstreamOutcome): string {
  const content =
    outcome.kind === 'answered' ? (outcome.result['content'] as { text?: string }[] | undefined) : undefined;
  return content?.[0]?.text ?? JSON.stringify(outcome);
}

/** Starts a server script that prints {"url"} and resolves with the url. */
export function startHttpServer(script: string, args: readonly string[]): Promise<string> {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return new Promise((fulfil, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) fulfil((JSON.parse(text) as { url: string }).url);
    });
    child.once('exit', () => reject(new Error(`the server ended: ${text}`)));
  });
}

export async function eventually<T>(look: () => T | undefined | false, patienceMs = 5_000): Promise<T> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadlineMs) throw new Error('it did not come about in time');
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
