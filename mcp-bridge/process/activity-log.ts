import type { ClockPort } from '../pipeline/ports.ts';

/** When each AI client was last heard from, and how often today; for the dashboard, not for decisions. */
export type ActivityLog = {
  called(mcpClientId: string): void;
  of(mcpClientId: string): { readonly connected: boolean; readonly lastCallAt?: string; readonly callsToday: number };
};

const connectedForMs = 5 * 60_000;

export function createActivityLog(clock: Pick<ClockPort, 'nowMs'>): ActivityLog {
  const heard = new Map<string, { lastMs: number; day: number; today: number }>();
  /** Of UTC, counted from the epoch. */
  const dayOf = (ms: number): number => Math.floor(ms / 86_400_000);
  return {
    called(mcpClientId) {
      const nowMs = clock.nowMs();
      const day = dayOf(nowMs);
      const before = heard.get(mcpClientId);
      heard.set(mcpClientId, { lastMs: nowMs, day, today: before?.day === day ? before.today + 1 : 1 });
    },
    of(mcpClientId) {
      const entry = heard.get(mcpClientId);
      if (!entry) return { connected: false, callsToday: 0 };
      const nowMs = clock.nowMs();
      return {
        connected: nowMs - entry.lastMs < connectedForMs,
        lastCallAt: new Date(entry.lastMs).toISOString(),
        callsToday: entry.day === dayOf(nowMs) ? entry.today : 0,
      };
    },
  };
}
