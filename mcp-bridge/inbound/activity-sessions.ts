/**
 * What "for this session" means where the protocol has none: one stretch of work per AI client.
 *
 * It starts with the first call, ends `idleMs` after the last one or `longestMs` after the first, whichever comes first
 * (MCP 2026-07-28 has no sessions; an unknown `Mcp-Session-Id` of an authenticated caller falls back to this too).
 *
 * INVARIANT: belongs to one AI client; an ended session's id never comes back.
 */
export type ActivitySession = {
  readonly id: string;
  readonly startedAtMs: number;
  /** ISO 8601. */
  readonly startedAt: string;
};

export type ActivitySessions = {
  /** The running session of this AI client, or a new one. Counts as activity. */
  touch(mcpClientId: string): ActivitySession;
  end(mcpClientId: string): void;
};

export const activityIdleMs = 30 * 60_000;
export const activityLongestMs = 12 * 60 * 60_000;

export function createActivitySessions(
  clock: { nowMs(): number },
  newId: () => string,
  limits: { readonly idleMs: number; readonly longestMs: number } = {
    idleMs: activityIdleMs,
    longestMs: activityLongestMs,
  },
): ActivitySessions {
  const running = new Map<string, { readonly session: ActivitySession; lastUsedAtMs: number }>();
  return {
    touch(mcpClientId) {
      const nowMs = clock.nowMs();
      const entry = running.get(mcpClientId);
      if (
        entry !== undefined &&
        nowMs - entry.lastUsedAtMs < limits.idleMs &&
        nowMs - entry.session.startedAtMs < limits.longestMs
      ) {
        entry.lastUsedAtMs = nowMs;
        return entry.session;
      }
      const session = { id: newId(), startedAtMs: nowMs, startedAt: new Date(nowMs).toISOString() };
      running.set(mcpClientId, { session, lastUsedAtMs: nowMs });
      return session;
    },
    end(mcpClientId) {
      running.delete(mcpClientId);
    },
  };
}
