/** The whole bridge in this process as `serve --approvals dangerously-allow-all` runs it, and the SDKs' clients of both eras. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ResultSchema as anyResult,
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import type { ApprovalAnswer, ApprovalRequest } from '../../mcp-bridge/core/approval/approval-request.ts';
import type { AuditEvent } from '../../mcp-bridge/core/audit/record.ts';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import type { AuthorityPort } from '../../mcp-bridge/pipeline/ports.ts';
import { type Bridge, startBridge } from '../../mcp-bridge/process/bridge.ts';
import { createHeadlessAuthority, type HeadlessApprovals } from '../../mcp-bridge/process/headless-authority.ts';

export type ServedBridge = {
  readonly bridge: Bridge;
  readonly url: string;
  readonly keys: readonly [one: string, two: string];
  /** Newest last. */
  events(): readonly AuditEvent[];
};

export async function serveBridge(
  mcpServers: JsonObject,
  approvals: HeadlessApprovals = 'dangerously-allow-all',
  /** Lets the test play the person, on top of the headless authority. */
  ask: (asked: ApprovalRequest, usual: AuthorityPort['ask']) => Promise<ApprovalAnswer> = (asked, usual) =>
    usual(asked, new AbortController().signal),
): Promise<ServedBridge> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'countersign-served-'));
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }));
  const keys = [`cs_${'a'.repeat(43)}`, `cs_${'b'.repeat(43)}`] as const;
  const mcpClients = keys.map((key, index) => ({
    mcpClientId: index === 0 ? 'one' : 'two',
    name: index === 0 ? 'One' : 'Two',
    keyHash: createHash('sha256').update(key).digest('hex'),
  }));
  const authority = createHeadlessAuthority({
    approvals,
    mcpClientIds: mcpClients.map(({ mcpClientId }) => mcpClientId),
    serverIds: Object.keys(mcpServers),
    guardrails: [],
  });
  const bridge = await startBridge({
    dataFolder,
    port: 0,
    servers: mcpServers,
    mcpClients,
    review: 'first-use',
    authority: { ...authority, ask: (asked) => ask(asked, authority.ask) },
    version: '0.0.0',
  });
  onTestFinished(() => bridge.close());
  const events = () =>
    bridge.ledger
      .query({ limit: 1000 })
      .records.map(({ event }) => event)
      .reverse();
  return { bridge, url: bridge.url, keys, events };
}

export type AiEra = 'initialize' | 'stateless';
export type Text = { readonly text: string; readonly isError: boolean; readonly result: JsonObject };

/** What both SDKs' clients can do, in one form. */
export type AiClient = {
  readonly asked: JsonObject[];
  readonly heard: JsonObject[];
  tools(): Promise<readonly string[]>;
  call(name: string, toolArguments?: JsonObject, options?: CallOptions): Promise<Text>;
  request(method: string, params: JsonObject): Promise<JsonObject>;
  /** A list, held to the schema that the SDK has for it. */
  list(method: string): Promise<JsonObject>;
  /** Log lines from `info` on, for whatever is called next. */
  readonly logs: JsonObject;
  watch(uri: string): Promise<void>;
};
export type CallOptions = {
  readonly meta?: JsonObject;
  readonly signal?: AbortSignal;
  readonly onprogress?: (value: { progress: number }) => void;
};

export type AiAnswers = {
  readonly elicitation?: JsonObject;
  readonly sampling?: JsonObject;
  readonly roots?: JsonObject;
};
export const usualAnswers: AiAnswers = {
  elicitation: {
    action: 'accept',
    content: { username: 'ada', email: 'ada@example.com', name: 'Ada', color: 'blue', ok: true, context: 'a garden' },
  },
  sampling: { role: 'assistant', model: 'm', content: { type: 'text', text: 'Paris' } },
  roots: { roots: [{ uri: 'file:///home/ada', name: 'home' }] },
};

export async function connectAi(
  era: AiEra,
  url: string,
  key: string,
  answers: AiAnswers = usualAnswers,
): Promise<AiClient> {
  const capabilities = {
    ...(answers.elicitation ? { elicitation: { form: {}, url: {} } } : {}),
    ...(answers.sampling ? { sampling: {} } : {}),
    ...(answers.roots ? { roots: {} } : {}),
  };
  const init = { requestInit: { headers: { authorization: `Bearer ${key}` } } };
  const [asked, heard]: [JsonObject[], JsonObject[]] = [[], []];
  const answer = (given: JsonObject | undefined) => async (request: unknown) => {
    asked.push(request as JsonObject);
    return given as never;
  };
  const hear = async (notification: unknown) => void heard.push(notification as JsonObject);
  const text = (result: unknown): Text => {
    const { content, isError } = result as { content?: { text?: string }[]; isError?: boolean };
    return { text: content?.[0]?.text ?? '', isError: isError === true, result: result as JsonObject };
  };
  if (era === 'initialize') {
    const mcpClient = new OlderClient({ name: 'older', version: '1' }, { capabilities });
    if (answers.elicitation) mcpClient.setRequestHandler(ElicitRequestSchema, answer(answers.elicitation));
    if (answers.sampling) mcpClient.setRequestHandler(CreateMessageRequestSchema, answer(answers.sampling));
    if (answers.roots) mcpClient.setRequestHandler(ListRootsRequestSchema, answer(answers.roots));
    mcpClient.setNotificationHandler(LoggingMessageNotificationSchema, hear);
    mcpClient.setNotificationHandler(ResourceUpdatedNotificationSchema, hear);
    mcpClient.setNotificationHandler(ToolListChangedNotificationSchema, hear);
    await mcpClient.connect(new OlderTransport(new URL(url), init) as Parameters<OlderClient['connect']>[0]);
    onTestFinished(() => mcpClient.close());
    return {
      asked,
      heard,
      logs: {},
      tools: async () => (await mcpClient.listTools()).tools.map(({ name }) => name),
      call: async (name, toolArguments = {}, { meta, ...options } = {}) =>
        text(
          await mcpClient.callTool(
            { name, arguments: toolArguments, ...(meta ? { _meta: meta } : {}) },
            undefined,
            options,
          ),
        ),
      request: async (method, params) =>
        (await mcpClient.request({ method, params } as never, anyResult)) as JsonObject,
      list: async (method) => (await listOf(mcpClient, method)) as JsonObject,
      watch: async (uri) => void (await mcpClient.subscribeResource({ uri })),
    };
  }
  const mcpClient = new ModernClient(
    { name: 'modern', version: '1' },
    { capabilities, versionNegotiation: { mode: 'auto' } },
  );
  if (answers.elicitation) mcpClient.setRequestHandler('elicitation/create', answer(answers.elicitation));
  if (answers.sampling) mcpClient.setRequestHandler('sampling/createMessage', answer(answers.sampling));
  if (answers.roots) mcpClient.setRequestHandler('roots/list', answer(answers.roots));
  for (const method of [
    'notifications/message',
    'notifications/resources/updated',
    'notifications/tools/list_changed',
  ] as const)
    mcpClient.setNotificationHandler(method, hear);
  await mcpClient.connect(new ModernTransport(new URL(url), init));
  onTestFinished(() => mcpClient.close());
  return {
    asked,
    heard,
    logs: { 'io.modelcontextprotocol/logLevel': 'info' },
    tools: async () => (await mcpClient.listTools()).tools.map(({ name }) => name),
    call: async (name, toolArguments = {}, { meta, ...options } = {}) =>
      text(
        await mcpClient.callTool(
          { name, arguments: toolArguments, ...(meta ? { _meta: meta } : {}) } as never,
          options,
        ),
      ),
    request: async (method, params) => (await mcpClient.request({ method, params } as never)) as JsonObject,
    list: async (method) => (await listOf(mcpClient, method)) as JsonObject,
    watch: async (uri) => void (await mcpClient.listen({ toolsListChanged: true, resourceSubscriptions: [uri] })),
  };
}

type Listing = Record<'listPrompts' | 'listResources' | 'listResourceTemplates', () => Promise<unknown>>;

function listOf(mcpClient: Listing, method: string): Promise<unknown> {
  if (method === 'prompts/list') return mcpClient.listPrompts();
  return method === 'resources/list' ? mcpClient.listResources() : mcpClient.listResourceTemplates();
}
