/**
 * Sessions of the initialize era: what `initialize` agreed, found again by `Mcp-Session-Id`.
 *
 * SECURITY(MC-23): an id is 192 random bits and bound to the AI client whose key opened it. It never authenticates:
 * with another client's key it does not exist; an id nobody here opened (the bridge was restarted) gives its caller
 * nothing but the caller's own activity session.
 */
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../core/model/json.ts';

/** Tells the upstream, where nobody else is left. Never rejects. */
export type EndSubscription = () => Promise<void>;

export type McpSession = {
  readonly id: string;
  readonly mcpClientId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly protocolVersion: string;
  readonly clientCapabilities: JsonObject;
  /** Resource URIs the AI client asked to be told about (`resources/subscribe`), each with what ends it. */
  readonly subscribedUris: Map<string, EndSubscription>;
};

export type FoundSession =
  | { readonly kind: 'own'; readonly session: McpSession }
  /** foreign: another AI client's. ended: deleted by its owner. unknown: never seen here, or long unused. */
  | { readonly kind: 'foreign' | 'ended' | 'unknown' };

export type McpSessions = {
  open(mcpClientId: string, protocolVersion: string, clientCapabilities: JsonObject): McpSession;
  find(id: string, mcpClientId: string): FoundSession;
  /** false for one that is over: nothing may be added to it that somebody would have to end. */
  isOpen(session: McpSession): boolean;
  /** The owner said so: the id answers 404 from now on (MCP 2025-11-25 Streamable HTTP, Session Management). */
  end(id: string): void;
  /** Forgets it, as a connection that took its session along does. */
  close(id: string): void;
  closeAll(mcpClientId: string): void;
};

/** UTF-16 units of JSON. What an AI client really declares is a hundredth of it. */
const longestCapabilities = 64 * 1024;
const longestIdleMs = 12 * 60 * 60_000;
const mostEndedRemembered = 10_000;

/**
 * Beyond `mostPerClient` the longest unused one ends; its owner goes on as with any unknown id.
 *
 * INVARIANT: however a session ends, `onOver` is told of it once.
 */
export function createMcpSessions(
  clock: { nowMs(): number },
  mostPerClient: number,
  onOver: (session: McpSession) => void = () => {},
): McpSessions {
  // insertion order is order of use: a used session is put back at the end
  const sessions = new Map<string, { readonly session: McpSession; lastUsedAtMs: number }>();
  const ended = new Set<string>();
  const drop = (id: string): boolean => {
    const entry = sessions.get(id);
    if (entry === undefined) return false;
    sessions.delete(id);
    onOver(entry.session);
    return true;
  };
  const dropIdle = (): void => {
    const oldestMs = clock.nowMs() - longestIdleMs;
    for (const [id, { lastUsedAtMs }] of sessions) {
      if (lastUsedAtMs > oldestMs) return;
      drop(id);
    }
  };
  return {
    open(mcpClientId, protocolVersion, clientCapabilities) {
      dropIdle();
      const own = [...sessions].filter(([, { session }]) => session.mcpClientId === mcpClientId);
      for (const [id] of own.slice(0, Math.max(0, own.length - mostPerClient + 1))) drop(id);
      const nowMs = clock.nowMs();
      const session: McpSession = {
        id: randomBytes(24).toString('base64url'),
        mcpClientId,
        startedAt: new Date(nowMs).toISOString(),
        protocolVersion,
        // SECURITY(LO-12): it is kept for hours; one that declares a novel is taken to have declared nothing
        clientCapabilities: JSON.stringify(clientCapabilities).length <= longestCapabilities ? clientCapabilities : {},
        subscribedUris: new Map(),
      };
      sessions.set(session.id, { session, lastUsedAtMs: nowMs });
      return session;
    },
    find(id, mcpClientId) {
      dropIdle();
      const entry = sessions.get(id);
      if (entry === undefined) return { kind: ended.has(id) ? 'ended' : 'unknown' };
      if (entry.session.mcpClientId !== mcpClientId) return { kind: 'foreign' };
      entry.lastUsedAtMs = clock.nowMs();
      sessions.delete(id);
      sessions.set(id, entry);
      return { kind: 'own', session: entry.session };
    },
    isOpen: (session) => sessions.get(session.id)?.session === session,
    end(id) {
      if (!drop(id)) return;
      ended.add(id);
      for (const oldest of ended) {
        if (ended.size <= mostEndedRemembered) break;
        ended.delete(oldest);
      }
    },
    close(id) {
      drop(id);
    },
    closeAll(mcpClientId) {
      for (const [id, { session }] of sessions) if (session.mcpClientId === mcpClientId) drop(id);
    },
  };
}
