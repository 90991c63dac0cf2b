/** A bridge with a few tools that answer at once, wait, ask and notify: the other side of every inbound test. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { isJsonObject, type JsonObject } from '../../mcp-bridge/core/model/json.ts';
import type { BridgeHandler, ClockPort, InboundAnswer, InboundRequest } from '../../mcp-bridge/pipeline/ports.ts';

type Change = { readonly endpointServerId: string; readonly method: string; readonly params: JsonObject };

export type FakeBridge = {
  readonly handler: BridgeHandler;
  /** Everything that reached the bridge, in order: what no refused request may add to. */
  readonly received: InboundRequest[];
  /** Calls of `wait` that are still open. */
  readonly waiting: Set<InboundRequest>;
  announce(change: Change): void;
  readonly listeners: () => number;
};

export const realClock: ClockPort = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

export function createFakeBridge(): FakeBridge {
  const received: InboundRequest[] = [];
  const waiting = new Set<InboundRequest>();
  const listeners = new Set<(change: Change) => void>();
  const handler: BridgeHandler = {
    describe(endpoint) {
      if (endpoint.kind === 'server' && endpoint.serverId !== 'echo') return undefined;
      return {
        serverInfo: { name: 'countersign', version: '0.0.0', title: 'Countersign' },
        capabilities: { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true }, logging: {} },
        instructions: 'Writes wait for a person.',
      };
    },
    handle(inbound) {
      received.push(inbound);
      return answer(inbound, waiting);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    handler,
    received,
    waiting,
    announce: (change) => {
      for (const listener of listeners) listener(change);
    },
    listeners: () => listeners.size,
  };
}

async function answer(inbound: InboundRequest, waiting: Set<InboundRequest>): Promise<InboundAnswer> {
  switch (inbound.method) {
    case 'tools/list':
      return {
        kind: 'result',
        result: { tools: toolNames.map((name) => ({ name, inputSchema: { type: 'object' } })) },
      };
    case 'tools/call':
      return callTool(inbound, waiting);
    case 'resources/subscribe':
    case 'resources/unsubscribe':
    case 'logging/setLevel':
      return { kind: 'result', result: {} };
    case 'resources/list':
      return { kind: 'result', result: { resources: [] } };
    default:
      return { kind: 'error', code: -32601, message: 'Method not found' };
  }
}

const toolNames = ['echo', 'wait', 'progress', 'ask', 'fail', 'needs-input'];

async function callTool(inbound: InboundRequest, waiting: Set<InboundRequest>): Promise<InboundAnswer> {
  const { name, arguments: given } = inbound.params;
  switch (name) {
    case 'echo':
      return said(JSON.stringify(given ?? {}));
    case 'wait':
      waiting.add(inbound);
      await new Promise<void>((resolve) => inbound.signal.addEventListener('abort', () => resolve(), { once: true }));
      waiting.delete(inbound);
      return said('ended');
    case 'progress': {
      const meta = inbound.params['_meta'];
      const progressToken = isJsonObject(meta) ? (meta['progressToken'] ?? '') : '';
      for (const progress of [1, 2, 3]) inbound.notify('notifications/progress', { progressToken, progress, total: 3 });
      // the SDK loses progress that arrives in one piece with the result
      await delay(20);
      return said('done');
    }
    case 'ask': {
      if (inbound.requestMcpClient === undefined) return said('cannot ask');
      const params = {
        message: 'Your name?',
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
      };
      return said(JSON.stringify(await inbound.requestMcpClient('elicitation/create', params)));
    }
    case 'log':
      inbound.notify('notifications/message', { level: 'info', data: 'a line' });
      return said('logged');
    case 'needs-input':
      return { kind: 'result', result: { resultType: 'input_required', requestState: 'state' } };
    case 'fail':
      throw new Error('a secret in an error');
    default:
      return { kind: 'error', code: -32602, message: 'Unknown tool' };
  }
}

function said(text: string): InboundAnswer {
  return { kind: 'result', result: { content: [{ type: 'text', text }] } };
}
