// @ts-nocheck: plain Node runs it as a child process, without a build.
/**
 * An upstream with everything that the official conformance suite asks of a server, in both eras.
 *
 *   node conformance-upstream.mjs [--era both|initialize] [--http PORT]
 *
 * Without --http it speaks on stdio. With it (0 = any port) it prints one line, {"url":"…"}, and serves /mcp on
 * loopback: the stateless era, and the initialize era with sessions, resumable streams and requests to the client.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import {
  localhostHostValidation,
  localhostOriginValidation,
  NodeStreamableHTTPServerTransport,
  toNodeHandler,
} from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  InMemoryServerEventBus,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  Server,
} from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { isSealed, prompts, readTemplate, resources, resourceTemplate, tools } from './conformance-tools.mjs';

const option = (name) => {
  const index = process.argv.indexOf(name);
  return index === -1 ? undefined : process.argv[index + 1];
};
const isInitializeOnly = option('--era') === 'initialize';
const bus = new InMemoryServerEventBus();
const shown = { tool: true, prompt: true };
const everyServer = new Set();

function listChanged(kind) {
  bus.publish({ kind: `${kind}s_list_changed` });
  for (const { server, era } of everyServer)
    if (era === 'legacy' || option('--http') === undefined)
      void server.notification({ method: `notifications/${kind}s/list_changed` }).catch(() => {});
}

function contextOf(era, server, mcpReq, http) {
  const meta = { ...mcpReq._meta, ...mcpReq.envelope };
  return {
    era,
    responses: mcpReq.inputResponses ?? {},
    state: mcpReq.requestState?.(),
    capabilities:
      era === 'modern'
        ? (meta['io.modelcontextprotocol/clientCapabilities'] ?? {})
        : (server.getClientCapabilities() ?? {}),
    send: ({ method, params }) =>
      method === 'elicitation/create' ? mcpReq.elicitInput(params) : mcpReq.requestSampling(params),
    log: (data) => mcpReq.log('info', data, 'fixture'),
    progress: async (progress, total) => {
      const progressToken = mcpReq._meta?.progressToken;
      if (progressToken !== undefined)
        await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total } });
    },
    missingCapability: (requiredCapabilities) => new MissingRequiredClientCapabilityError({ requiredCapabilities }),
    toggleTool: () => {
      shown.tool = !shown.tool;
      listChanged('tool');
      return 'The tools changed';
    },
    togglePrompt: () => {
      shown.prompt = !shown.prompt;
      listChanged('prompt');
      return 'The prompts changed';
    },
    closeStream: http?.closeSSE,
  };
}

function fixtureServer({ era }) {
  const server = new Server(
    { name: 'conformance-upstream', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        completions: {},
        logging: {},
      },
      requestState: {
        verify: (state) => {
          if (!isSealed(state)) throw new Error('mac');
          return state;
        },
      },
    },
  );
  const entry = { server, era };
  everyServer.add(entry);
  server.onclose = () => everyServer.delete(entry);
  server.setRequestHandler('tools/list', () => ({
    tools: Object.entries(tools)
      .filter(([name]) => shown.tool || name !== 'test_toggled_tool')
      .map(([name, { schema }]) => ({
        name,
        description: `Fixture: ${name.replaceAll('_', ' ')}`,
        inputSchema: schema ?? { type: 'object', properties: {} },
        annotations: { readOnlyHint: true },
      })),
    ...cache(era),
  }));
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq, http }) => {
    const tool = Object.hasOwn(tools, params.name) ? tools[params.name] : undefined;
    if (tool === undefined) throw new ProtocolError(-32602, `Unknown tool: ${params.name}`);
    return tool.call(params.arguments ?? {}, contextOf(era, server, mcpReq, http));
  });
  server.setRequestHandler('prompts/list', () => ({
    prompts: Object.entries(prompts)
      .filter(([name]) => shown.prompt || name !== 'test_toggled_prompt')
      .map(([name, prompt]) => ({
        name,
        description: `Fixture: ${name.replaceAll('_', ' ')}`,
        arguments: (prompt.arguments ?? []).map((argument) => ({
          name: argument,
          description: argument,
          required: true,
        })),
      })),
    ...cache(era),
  }));
  server.setRequestHandler('prompts/get', ({ params }, { mcpReq }) => {
    const prompt = Object.hasOwn(prompts, params.name) ? prompts[params.name] : undefined;
    if (prompt === undefined) throw new ProtocolError(-32602, `Unknown prompt: ${params.name}`);
    const responses = mcpReq.inputResponses ?? {};
    const isMissing = Object.keys(prompt.input ?? {}).some((key) => responses[key] === undefined);
    if (isMissing) return { resultType: 'input_required', inputRequests: prompt.input };
    return { messages: prompt.get(params.arguments ?? {}, { responses }) };
  });
  server.setRequestHandler('resources/list', () => ({
    resources: Object.entries(resources).map(([uri, { mimeType }]) => ({ uri, name: uri, description: uri, mimeType })),
    ...cache(era),
  }));
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [{ ...resourceTemplate, description: 'A template' }],
    ...cache(era),
  }));
  server.setRequestHandler('resources/read', ({ params: { uri } }) => {
    const resource = Object.hasOwn(resources, uri) ? resources[uri] : readTemplate(uri);
    if (resource === undefined) throw new ProtocolError(-32602, 'Resource not found', { uri });
    return { contents: [{ uri, ...resource }], ...cache(era) };
  });
  server.setRequestHandler('completion/complete', ({ params }) => {
    const values = ['paris', 'park', 'party'].filter((value) => value.startsWith(params.argument.value));
    return { completion: { values, total: values.length, hasMore: false } };
  });
  if (era === 'legacy') {
    server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
      setTimeout(() => void server.sendResourceUpdated({ uri }).catch(() => {}), 50);
      return {};
    });
    server.setRequestHandler('resources/unsubscribe', () => ({}));
  }
  return server;
}

function cache(era) {
  return era === 'modern' ? { ttlMs: 0, cacheScope: 'private' } : {};
}

/** Keeps events so that a stream which was closed in the middle of a call can be taken up again (SEP-1699). */
function eventStore() {
  const events = [];
  return {
    storeEvent: async (streamId, message) => {
      events.push({ streamId, message });
      return String(events.length);
    },
    getStreamIdForEventId: async (eventId) => events[Number(eventId) - 1]?.streamId,
    replayEventsAfter: async (lastEventId, { send }) => {
      const streamId = events[Number(lastEventId) - 1]?.streamId ?? '';
      for (const [index, event] of events.entries())
        if (index >= Number(lastEventId) && event.streamId === streamId && Object.keys(event.message).length > 0)
          await send(String(index + 1), event.message);
      return streamId;
    },
  };
}

function serveHttp(port) {
  const sessions = new Map();
  const modern = toNodeHandler(createMcpHandler(fixtureServer, { legacy: 'reject', bus }), {});
  const legacy = async (incoming, outgoing, body) => {
    const known = sessions.get(incoming.headers['mcp-session-id']);
    if (known !== undefined) return known.handleRequest(incoming, outgoing, body);
    if (incoming.headers['mcp-session-id'] !== undefined || body?.method !== 'initialize') {
      outgoing.writeHead(incoming.headers['mcp-session-id'] === undefined ? 400 : 404, {
        'content-type': 'application/json',
      });
      return outgoing.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32000, message: 'No session' } }));
    }
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: eventStore(),
      retryInterval: 500,
      onsessioninitialized: (sessionId) => sessions.set(sessionId, transport),
      onsessionclosed: (sessionId) => sessions.delete(sessionId),
    });
    await fixtureServer({ era: 'legacy' }).connect(transport);
    return transport.handleRequest(incoming, outgoing, body);
  };
  const isOurHost = localhostHostValidation();
  const isOurOrigin = localhostOriginValidation();
  const httpServer = createServer(async (incoming, outgoing) => {
    if (!isOurHost(incoming, outgoing) || !isOurOrigin(incoming, outgoing)) return;
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const isModern =
      incoming.headers['mcp-protocol-version'] === '2026-07-28' ||
      body?.params?._meta?.['io.modelcontextprotocol/protocolVersion'] !== undefined;
    if (isModern && !isInitializeOnly) await modern(incoming, outgoing, body);
    else await legacy(incoming, outgoing, body);
  });
  httpServer.listen(port, '127.0.0.1', () => {
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${httpServer.address().port}/mcp` })}\n`);
  });
}

const httpPort = option('--http');
if (httpPort !== undefined) serveHttp(Number(httpPort));
else if (isInitializeOnly) await fixtureServer({ era: 'legacy' }).connect(new StdioServerTransport());
else serveStdio(fixtureServer);
