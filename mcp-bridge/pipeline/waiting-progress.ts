import { progressTokenOf } from './forwarded-meta.ts';
import type { ClockPort, InboundRequest } from './ports.ts';

const everyMs = 10_000;

/**
 * While a person decides, a caller that gave a progressToken hears from us every 10 s (DESIGN §6). The steps are tiny
 * so that the upstream's own progress, which starts later, still grows (MCP 2026-07-28 Progress: MUST increase).
 */
export function keepCallerInformed(inbound: InboundRequest, clock: Pick<ClockPort, 'monotonicMs'>): { stop(): void } {
  const progressToken = progressTokenOf(inbound.params);
  if (progressToken === undefined) return { stop: () => {} };
  const startedMs = clock.monotonicMs();
  let step = 0;
  const timer = setInterval(() => {
    step += 1;
    const seconds = Math.round((clock.monotonicMs() - startedMs) / 1000);
    inbound.notify('notifications/progress', {
      progressToken,
      progress: step * 1e-6,
      message: `Waiting for approval in Countersign for ${seconds} s.`,
    });
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}
