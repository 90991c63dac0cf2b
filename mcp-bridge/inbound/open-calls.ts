/**
 * Calls in flight, so that they can be cancelled, ended with their connection, and counted.
 *
 * A request id means something only within its scope: one MCP session, or one connection of the stdio shim. A cancel
 * that names no open call is ignored: opencode sends one for every call after its result.
 */
import type { JsonRpcId } from './json-rpc.ts';

/**
 * cancelled: the AI client said so, or closed a 2026-07-28 response stream. disconnected: it is gone.
 * stopped: its key was revoked or the bridge is closing.
 */
export type CallEnd = 'cancelled' | 'disconnected' | 'stopped';

/** The `reason` of an aborted `InboundRequest.signal`. */
export class CallEnded extends Error {
  readonly end: CallEnd;

  constructor(end: CallEnd) {
    super(`the call was ${end}`);
    this.name = 'AbortError';
    this.end = end;
  }
}

export type CallScope = { readonly mcpClientId: string; readonly scopeKey: string };

export type OpenCall = {
  readonly signal: AbortSignal;
  abort(end: CallEnd): void;
  /** Answered, or given up: forget it. */
  finish(): void;
};

export type OpenCalls = {
  /** undefined when this AI client has `mostPerClient` calls open already. `onEnd` runs once, when it is aborted. */
  begin(scope: CallScope, id: JsonRpcId, onEnd?: () => void): OpenCall | undefined;
  cancel(scope: CallScope, id: JsonRpcId): void;
  abortScope(scope: CallScope, end: CallEnd): void;
  abortClient(mcpClientId: string, end: CallEnd): void;
};

type Entry = OpenCall & { readonly scope: CallScope; readonly id: JsonRpcId };

export function createOpenCalls(mostPerClient: number): OpenCalls {
  const byClient = new Map<string, Set<Entry>>();
  const abortWhere = (mcpClientId: string, end: CallEnd, matches: (entry: Entry) => boolean): void => {
    for (const entry of [...(byClient.get(mcpClientId) ?? [])]) if (matches(entry)) entry.abort(end);
  };
  return {
    begin(scope, id, onEnd) {
      const ofClient = byClient.get(scope.mcpClientId) ?? new Set<Entry>();
      if (ofClient.size >= mostPerClient) return undefined;
      byClient.set(scope.mcpClientId, ofClient);
      const controller = new AbortController();
      const entry: Entry = {
        scope,
        id,
        signal: controller.signal,
        abort(end) {
          if (controller.signal.aborted) return;
          controller.abort(new CallEnded(end));
          onEnd?.();
        },
        finish() {
          ofClient.delete(entry);
          if (ofClient.size === 0 && byClient.get(scope.mcpClientId) === ofClient) byClient.delete(scope.mcpClientId);
        },
      };
      ofClient.add(entry);
      return entry;
    },
    cancel(scope, id) {
      abortWhere(scope.mcpClientId, 'cancelled', (entry) => entry.scope.scopeKey === scope.scopeKey && entry.id === id);
    },
    abortScope(scope, end) {
      abortWhere(scope.mcpClientId, end, (entry) => entry.scope.scopeKey === scope.scopeKey);
    },
    abortClient(mcpClientId, end) {
      abortWhere(mcpClientId, end, () => true);
    },
  };
}
