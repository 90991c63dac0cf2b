/**
 * The one event stream of an HTTP+SSE connection (MCP 2024-11-05): first where to POST to, then every message of the
 * server. It lives as long as the connection: only its single messages are capped (MC-33), and what answers nobody
 * gets a fifth of the time (MC-40).
 */
import type { JsonValue } from '../core/model/json.ts';
import { FairShare } from './fair-share.ts';
import type { HttpResponse } from './http-response.ts';
import { parseJson } from './json-rpc.ts';
import { SseParser } from './sse-events.ts';

export type SseStreamReader = {
  onEndpoint(data: string): void;
  onValue(value: JsonValue): void;
  onUnreadable(data: string): void;
  /** Once, with the middle of a sentence; nothing follows. */
  onEnd(reason: string): void;
  /** Calls that wait for an answer: what is waited for costs nothing. */
  waiting(): number;
};

export function isEventStream(response: HttpResponse): boolean {
  const mediaType = (response.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  const isPlain = (response.header('content-encoding') ?? 'identity') === 'identity';
  return response.status === 200 && mediaType === 'text/event-stream' && isPlain;
}

export function readSseStream(response: HttpResponse, maxMessageBytes: number, reader: SseStreamReader): void {
  let isOver = false;
  const end = (reason: string) => {
    if (isOver) return;
    isOver = true;
    response.destroy();
    reader.onEnd(reason);
  };
  const parser = new SseParser(maxMessageBytes, {
    onEvent: (data, eventName) => {
      if (isOver) return;
      if (eventName === 'endpoint') return reader.onEndpoint(data);
      if (eventName !== '' && eventName !== 'message') return;
      const value = parseJson(data);
      if (value === undefined) reader.onUnreadable(data);
      else reader.onValue(value);
    },
    onId: () => {},
    onRetry: () => {},
    onOversized: () => end(`sent a message longer than ${maxMessageBytes} bytes`),
  });
  const share = new FairShare();
  response.read({
    onData: (chunk) => {
      if (isOver) return;
      share.spend(response, () => {
        const waiting = reader.waiting();
        parser.push(chunk);
        return reader.waiting() < waiting;
      });
    },
    onEnd: () => end('ended its event stream'),
    onBroken: () => end('its event stream broke off'),
  });
}
