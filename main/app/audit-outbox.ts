import type { AuditEvent } from '../../mcp-bridge/core/audit/record.ts';

/**
 * Records that must not hold up what they tell of: a revoke, a stop, a sign-out. They wait in order for a bridge that can
 * write them. What is lost with the app meanwhile only took authority away.
 */
export type AuditOutbox = {
  /** Resolves when the event is recorded or waits. Never rejects. */
  soon(event: AuditEvent): Promise<void>;
  /** The bridge is there again. */
  flush(): Promise<void>;
};

const mostWaiting = 1_000;

export function createAuditOutbox(append: (event: AuditEvent) => Promise<void>): AuditOutbox {
  const waiting: AuditEvent[] = [];
  let flushing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      try {
        await append(next);
      } catch {
        return; // stays first in line
      }
      waiting.shift();
    }
  }

  function flush(): Promise<void> {
    flushing ??= writeAll().finally(() => {
      flushing = undefined;
    });
    return flushing;
  }

  return {
    soon(event) {
      if (waiting.length < mostWaiting) waiting.push(event);
      return flush();
    },
    flush,
  };
}
