/** Whether an upstream can take a call now, and how long a call waits until it can. */
import type { UpstreamConnection } from './connection.ts';
import type { SupervisedUpstream } from './supervised-upstream.ts';

/** The live connection; undefined when there was none within the time, or the signal was aborted first. */
export async function connectedWithin(
  upstream: SupervisedUpstream,
  signal: AbortSignal,
  waitMs: number,
): Promise<UpstreamConnection | undefined> {
  const patience = new AbortController();
  const giveUp = () => patience.abort();
  const timer = setTimeout(giveUp, waitMs);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await upstream.connected(patience.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** Whether the connection has ended by now; lets those who wait for its end run first. */
export async function isGone(connection: UpstreamConnection): Promise<boolean> {
  const pending = new Promise<false>((resolve) => setImmediate(() => resolve(false)));
  return (await Promise.race([connection.closed, pending])) !== false;
}
