/**
 * The event stream that a server of the initialize era keeps for what belongs to no request (MCP 2025-11-25 Streamable
 * HTTP, listening for messages). Opened again with growing pauses, from the last event it gave an id to.
 */
import type { Cancellation } from './cancellation.ts';
import { messageReader, readAnswer } from './http-answer.ts';
import type { HttpResponse } from './http-response.ts';
import type { RpcMessage } from './json-rpc.ts';
import type { WireLimits } from './wire.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export async function keepServerStream(stream: {
  readonly cancellation: Cancellation;
  readonly limits: WireLimits;
  /** Undefined: the server has no such stream, or is gone. */
  readonly open: (headers: Readonly<Record<string, string>>) => Promise<HttpResponse | undefined>;
  readonly onMessage: (message: RpcMessage, source: HttpResponse) => void;
}): Promise<void> {
  const { cancellation, limits } = stream;
  let lastEventId: string | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  while (!cancellation.isCancelled) {
    const response = await stream.open(lastEventId === undefined ? {} : { 'last-event-id': lastEventId });
    if (response === undefined) return;
    const reader = messageReader((message) => {
      stream.onMessage(message, response);
      return false;
    });
    // The stream lives as long as the connection: only its single messages are capped.
    const end = await readAnswer(response, { ...limits, maxSkippedBytes: Number.POSITIVE_INFINITY }, reader);
    lastEventId = end.lastEventId ?? lastEventId;
    pauseMs = end.messages > 0 ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    // SECURITY(MC-40): a server that asks for no pause at all would keep us busy opening its stream.
    await pause(Math.max(end.retryMs ?? 0, pauseMs), cancellation);
  }
}

/** At most a minute, whatever the server asks for. */
export function pause(durationMs: number, cancellation: Cancellation): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => {
        forget();
        resolve();
      },
      Math.min(durationMs, LONGEST_PAUSE_MS),
    );
    timer.unref();
    const forget = cancellation.onCancel(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
