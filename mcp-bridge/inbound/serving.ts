/** What the HTTP endpoint and the socket share: one bridge, one set of sessions, open calls and limits. */
import type { BridgeDescription, BridgeEndpoint, BridgeHandler, ClockPort } from '../pipeline/ports.ts';
import { type ActivitySessions, createActivitySessions } from './activity-sessions.ts';
import { type ChangeStreams, createChangeStreams } from './change-streams.ts';
import type { ClientKeys } from './client-keys.ts';
import { type ClientQuestions, createClientQuestions } from './client-questions.ts';
import { defaultInboundLimits, type InboundLimits } from './limits.ts';
import { createMcpSessions, type EndSubscription, type McpSessions } from './mcp-sessions.ts';
import { createOpenCalls, type OpenCalls } from './open-calls.ts';
import { createSubscribedResources, type SubscribedResources } from './subscribed-resources.ts';
import { createUnreadAnswers, type UnreadAnswers } from './unread-answers.ts';

/** For the log and for alerts; never a key, an argument or an address a stranger chose. */
export type InboundEvent =
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'wrong-key'; readonly tries: number }
  | { readonly kind: 'failed'; readonly message: string };

export type ServingOptions = {
  readonly handler: BridgeHandler;
  readonly keys: ClientKeys;
  readonly clock: ClockPort;
  readonly newId: () => string;
  readonly limits?: Partial<InboundLimits> | undefined;
  readonly log?: ((event: InboundEvent) => void) | undefined;
};

export type Serving = {
  readonly handler: BridgeHandler;
  readonly keys: ClientKeys;
  readonly clock: ClockPort;
  readonly limits: InboundLimits;
  readonly log: (event: InboundEvent) => void;
  readonly sessions: McpSessions;
  readonly activity: ActivitySessions;
  readonly calls: OpenCalls;
  readonly questions: ClientQuestions;
  readonly changes: ChangeStreams;
  readonly resources: SubscribedResources;
  readonly unread: UnreadAnswers;
  /** Proven connections of the stdio shim. */
  readonly connections: Set<{ readonly mcpClientId: string; close(): void }>;
  /** undefined when this AI client has no such endpoint. */
  describe(endpoint: BridgeEndpoint, mcpClientId: string): BridgeDescription | undefined;
  /** Ends every call and stream of one AI client, or of all. */
  disconnect(mcpClientId?: string): void;
  stop(): void;
};

export function createServing({ handler, keys, clock, newId, limits: given, log = () => {} }: ServingOptions): Serving {
  const limits = { ...defaultInboundLimits, ...given };
  const calls = createOpenCalls(limits.callsPerClient);
  const changes = createChangeStreams(handler, limits.streamsPerClient);
  let stopping = false;
  const sessions = createMcpSessions(clock, limits.sessionsPerClient, ({ subscribedUris }) => {
    const ends = [...subscribedUris.values()];
    subscribedUris.clear();
    // the connections to the upstreams end with the bridge, and what was subscribed over them too
    if (!stopping) void inTurn(ends);
  });
  const activity = createActivitySessions(clock, newId);
  const connections: Serving['connections'] = new Set();
  const disconnect = (mcpClientId?: string): void => {
    for (const id of mcpClientId === undefined ? keys.list().map((record) => record.mcpClientId) : [mcpClientId]) {
      // streams first: they end with a last message, calls without one
      changes.endAll(id);
      calls.abortClient(id, 'stopped');
      sessions.closeAll(id);
      activity.end(id);
    }
    for (const connection of [...connections]) {
      if (mcpClientId === undefined || connection.mcpClientId === mcpClientId) connection.close();
    }
  };
  const stopWatchingKeys = keys.onRevoked(disconnect);
  return {
    handler,
    keys,
    clock,
    limits,
    log,
    sessions,
    activity,
    calls,
    questions: createClientQuestions(),
    changes,
    resources: createSubscribedResources(),
    unread: createUnreadAnswers(limits.unreadBytesPerClient),
    connections,
    describe: describeWithMemory(handler, clock),
    disconnect,
    stop() {
      stopping = true;
      stopWatchingKeys();
      disconnect();
      changes.stop();
    },
  };
}

/** One after the other: a session may have a thousand, and an upstream is not to be flooded with them. */
async function inTurn(ends: readonly EndSubscription[]): Promise<void> {
  for (const end of ends) await end();
}

const describedForMs = 1_000;

/** Every request needs to know that its endpoint exists; the answer may be a second old. */
function describeWithMemory(handler: BridgeHandler, clock: ClockPort): Serving['describe'] {
  const remembered = new Map<string, { readonly atMs: number; readonly description: BridgeDescription | undefined }>();
  return (endpoint, mcpClientId) => {
    const key = `${mcpClientId}\u0000${endpoint.kind === 'all' ? '' : endpoint.serverId}`;
    const nowMs = clock.monotonicMs();
    const known = remembered.get(key);
    if (known !== undefined && nowMs - known.atMs < describedForMs) return known.description;
    const description = handler.describe(endpoint, mcpClientId);
    if (description === undefined) remembered.delete(key);
    else remembered.set(key, { atMs: nowMs, description });
    return description;
  };
}
