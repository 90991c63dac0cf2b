/**
 * Reads one HTTP answer, JSON or event stream, with caps on each message and on the whole (MC-33).
 * What is neither becomes an outcome that says whether the request may have been carried out.
 */
import type { JsonValue } from '../core/model/json.ts';
import type { UpstreamOutcome } from '../pipeline/ports.ts';
import { FairShare } from './fair-share.ts';
import type { HttpResponse } from './http-response.ts';
import { JoinedBytes } from './joined-bytes.ts';
import { INTERNAL_ERROR, parseJson, type RpcMessage, readRpcMessage } from './json-rpc.ts';
import { SseParser } from './sse-events.ts';
import type { WireLimits } from './wire.ts';

/** True when enough was read. */
export type AnswerReader = (value: JsonValue) => boolean;

export type AnswerEnd = {
  readonly messages: number;
  /** The last event id of a stream that ended without being enough. */
  readonly lastEventId?: string | undefined;
  readonly retryMs?: number | undefined;
  readonly failure?: UpstreamOutcome | undefined;
};

/** One message, or a batch of them as 2025-03-26 allowed. */
export function messageReader(onMessage: (message: RpcMessage) => boolean): AnswerReader {
  return (value) => {
    const messages = Array.isArray(value) ? value : [value as JsonValue];
    return messages.some((one) => {
      const message = readRpcMessage(one);
      return message !== undefined && onMessage(message);
    });
  };
}

export async function readAnswer(response: HttpResponse, limits: WireLimits, reader: AnswerReader): Promise<AnswerEnd> {
  const { status } = response;
  const mediaType = (response.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  const isPlain = (response.header('content-encoding') ?? 'identity') === 'identity';
  if (status === 200 && mediaType === 'text/event-stream' && isPlain) return readStream(response, limits, reader);
  const text = isPlain ? await readText(response, limits.maxMessageBytes) : undefined;
  if (text === undefined) {
    response.destroy();
    const reason = `the answer was longer than ${limits.maxMessageBytes} bytes, or broke off, or was packed`;
    return { messages: 0, failure: { kind: 'unknown', reason } };
  }
  const value = parseJson(text);
  if (status === 200 && value !== undefined && reader(value)) return { messages: 1 };
  return { messages: 0, failure: statusOutcome(response, status, value) };
}

/** A client error and a redirect mean that the request was not carried out; a server error leaves that open. */
function statusOutcome(response: HttpResponse, status: number, value: JsonValue | undefined): UpstreamOutcome {
  const message = readRpcMessage(value);
  if (message?.kind === 'error')
    return { kind: 'failed', ...message.error, data: { ...objectOf(message.error.data), httpStatus: status } };
  if (status < 300 || status >= 500)
    return { kind: 'unknown', reason: `the server answered HTTP ${status} without a result` };
  const challenge = response.header('www-authenticate');
  const isRedirect = status < 400;
  return {
    kind: 'failed',
    code: INTERNAL_ERROR,
    message: isRedirect ? 'The server redirects elsewhere, which is refused.' : `The server answered HTTP ${status}.`,
    data: { httpStatus: status, ...(challenge === undefined ? {} : { wwwAuthenticate: challenge }) },
  };
}

function readStream(response: HttpResponse, limits: WireLimits, reader: AnswerReader): Promise<AnswerEnd> {
  return new Promise((resolve) => {
    let messages = 0;
    let bytes = 0;
    let lastEventId: string | undefined;
    let retryMs: number | undefined;
    let isEnough = false;
    const end = (failure?: UpstreamOutcome) => {
      resolve({ messages, lastEventId, retryMs, failure });
    };
    const tooLong = () => {
      end({ kind: 'unknown', reason: `the answer was longer than ${limits.maxMessageBytes} bytes and was dropped` });
      response.destroy();
    };
    const parser = new SseParser(limits.maxMessageBytes, {
      onEvent: (data, eventName) => {
        const value = eventName === '' || eventName === 'message' ? parseJson(data) : undefined;
        if (value === undefined || isEnough) return;
        messages += 1;
        isEnough = reader(value);
        if (!isEnough) return;
        end();
        // A server that has answered ends its stream; one that does not loses the connection.
        setTimeout(() => response.destroy(), 1_000).unref();
      },
      onId: (id) => {
        lastEventId = /^[\x20-\x7e]{1,1024}$/.test(id) ? id : lastEventId;
      },
      onRetry: (value) => {
        retryMs = value;
      },
      onOversized: tooLong,
    });
    const share = new FairShare();
    response.read({
      onData: (chunk) =>
        share.spend(response, () => {
          bytes += chunk.length;
          if (bytes > limits.maxSkippedBytes && !isEnough) tooLong();
          else parser.push(chunk);
          return isEnough;
        }),
      onEnd: () => end(),
      onBroken: () => end(),
    });
  });
}

/** Undefined when it is longer, or broke off. */
export function readText(response: HttpResponse, maxBytes: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const joined = new JoinedBytes();
    let bytes = 0;
    response.read({
      onData: (chunk) => {
        bytes += chunk.length;
        if (bytes > maxBytes) resolve(undefined);
        else joined.push(chunk);
      },
      onEnd: () => resolve(joined.take().toString('utf8')),
      onBroken: () => resolve(undefined),
    });
  });
}

function objectOf(data: unknown): { readonly [name: string]: unknown } {
  if (data === undefined) return {};
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : { data };
}
