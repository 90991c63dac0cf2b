/** `countersign explain`: what would be decided about one call, and why, without making it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { classify } from '../../core/classify/classify.ts';
import { AppError } from '../../core/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/model/json.ts';
import { decide } from '../../core/policy/decide.ts';
import { createRedactor } from '../../core/redact/redactor.ts';
import { createFactsPort } from '../../facts/facts-port.ts';
import { loadAnalysers } from '../../parsers/load-analysers.ts';
import { freezeCall } from '../../pipeline/freeze-call.ts';
import { secretDecision } from '../../pipeline/watch-secrets.ts';
import { UpstreamManager } from '../../upstream/manager.ts';
import { filePinStore } from '../../upstream/pin-store.ts';
import { parseServerConfigs } from '../../upstream/server-config.ts';
import { guardrailsOf, readConfiguration } from '../configuration.ts';
import { createHeadlessAuthority } from '../headless-authority.ts';
import { secretValuesOf } from '../secret-values.ts';
import { sha256 } from '../system.ts';
import { version } from '../version.ts';
import { required } from './options.ts';

const options = {
  config: { type: 'string' },
  server: { type: 'string' },
  tool: { type: 'string' },
  args: { type: 'string' },
  now: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export async function runExplain(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const configuration = readConfiguration(required(values.config, '--config FILE'));
  const serverId = required(values.server, '--server S');
  const toolName = required(values.tool, '--tool T');
  const toolArguments = argumentsOf(values.args ?? '{}');
  const nowMs = instantOf(values.now);
  const [serverConfig] = parseServerConfigs(configuration.mcpServers).filter((config) => config.serverId === serverId);
  if (!serverConfig) throw new AppError('config.invalid', `there is no server "${serverId}" in the configuration`);

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-explain-'));
  const upstreams = new UpstreamManager({
    bridge: { name: 'countersign', version, title: 'Countersign' },
    review: configuration.review === 'first-use' ? 'first-use' : 'manual',
    pinStore: filePinStore(path.join(configuration.dataFolder ?? folder, 'pins.json')),
  });
  try {
    await upstreams.start([serverConfig]);
    const tool = upstreams.catalogue.resolve(serverId, toolName);
    if (!tool)
      throw new AppError('config.invalid', `"${serverId}" has no tool "${toolName}", or it could not be started`);
    const { server, pinned } = tool;
    const analysers = await loadAnalysers();
    const classification = classify(
      {
        serverId,
        serverName: server.profileName,
        tool: pinned.definition,
        trusted: server.trusted,
        dialect: server.dialect,
        arguments: toolArguments,
      },
      analysers,
    );
    const facts = createFactsPort({
      sha256,
      environmentOf: () => (serverConfig.kind === 'stdio' ? serverConfig.env : {}),
    });
    const gathered = await facts.gather(tool, toolArguments, classification, new AbortController().signal);
    const now = new Date(nowMs).toISOString();
    const caller = {
      mcpClientId: 'explain',
      mcpClientName: 'explain',
      mcpSessionId: 'explain',
      mcpSessionStartedAt: now,
    };
    const call = freezeCall(caller, tool, toolArguments, undefined, sha256);
    const authority = createHeadlessAuthority({
      approvals: 'deny',
      mcpClientIds: ['explain'],
      serverIds: [serverId],
      guardrails: guardrailsOf(configuration),
    });
    const operation = { call, classification, gathered, environment: server.environment };
    const redactor = createRedactor(() => secretValuesOf(serverConfig));
    const { decision, reasons, policies } =
      secretDecision(call.arguments, redactor) ??
      decide(operation, { authority: authority.snapshot(), review: tool.review, nowMs });
    process.stdout.write(
      `${JSON.stringify({ effect: classification.effect, facts: gathered.facts, decision, reasons, policies })}\n`,
    );
    return 0;
  } finally {
    await upstreams.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function argumentsOf(text: string): JsonObject {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw new AppError('usage', '--args is not JSON');
  }
  if (!isJsonObject(value)) throw new AppError('usage', '--args has to be a JSON object');
  return value;
}

function instantOf(text: string | undefined): number {
  const nowMs = text === undefined ? Date.now() : Date.parse(text);
  if (Number.isNaN(nowMs)) throw new AppError('usage', '--now has to be an ISO 8601 instant');
  return nowMs;
}
