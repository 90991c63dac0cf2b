/** An inbound endpoint on a free port with two AI clients, closed when the test ends. */
import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createClientKeys } from '../../mcp-bridge/inbound/client-keys.ts';
import { type HttpInbound, startHttpInbound } from '../../mcp-bridge/inbound/http.ts';
import type { InboundLimits } from '../../mcp-bridge/inbound/limits.ts';
import type { InboundEvent } from '../../mcp-bridge/inbound/serving.ts';
import { createFakeBridge, type FakeBridge, realClock } from './fake-bridge-handler.ts';

export type InboundFixture = FakeBridge & {
  readonly inbound: HttpInbound;
  readonly keys: ReturnType<typeof createClientKeys>;
  readonly keyA: string;
  readonly keyB: string;
  readonly events: InboundEvent[];
};

export async function startInbound(limits: Partial<InboundLimits> = {}): Promise<InboundFixture> {
  const keys = createClientKeys([]);
  const { key: keyA } = keys.issue('client-a', 'Client A');
  const { key: keyB } = keys.issue('client-b', 'Client B');
  const fake = createFakeBridge();
  const events: InboundEvent[] = [];
  const inbound = await startHttpInbound({
    port: 0,
    handler: fake.handler,
    keys,
    clock: realClock,
    newId: randomUUID,
    limits,
    log: (event) => events.push(event),
  });
  onTestFinished(() => inbound.close());
  return { ...fake, inbound, keys, keyA, keyB, events };
}

/** One POST as a given AI client; the whole answer. */
export async function post(
  { inbound, keyA }: InboundFixture,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  path = '/mcp',
): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string; readonly json: unknown }> {
  const response = await fetch(`http://127.0.0.1:${inbound.port}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${keyA}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}
