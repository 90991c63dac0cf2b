/** LO-12: a body costs what its bytes cost, however it is cut. */
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBody } from '../../mcp-bridge/inbound/http-body.ts';

const incomingOf = (): PassThrough & IncomingMessage => new PassThrough() as unknown as PassThrough & IncomingMessage;

test('LO-12 the pieces of a body are not held one by one', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const incoming = incomingOf();
  const body = readBody(incoming, 1_000_000);
  const pieces: WeakRef<Buffer>[] = [];
  for (let count = 0; count < 50; count++) {
    const piece = Buffer.alloc(1, 'a');
    pieces.push(new WeakRef(piece));
    incoming.write(piece);
    await new Promise((next) => setImmediate(next));
  }
  collect();
  // the first and the last may still be held by the stream itself
  expect(pieces.filter((piece) => piece.deref() !== undefined).length).toBeLessThan(5);
  incoming.end();
  expect(await body).toEqual({ kind: 'whole', bytes: Buffer.alloc(50, 'a') });
});

test('LO-12 a body is the same however it is cut, and refused from one byte beyond the cap', async () => {
  const cuts = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(cuts, fc.nat(2_000), async (given, cap) => {
      const incoming = incomingOf();
      const body = readBody(incoming, cap);
      for (const piece of given) incoming.write(piece);
      incoming.end();
      const whole = Buffer.concat(given);
      expect(await body).toEqual(whole.length > cap ? { kind: 'too-large' } : { kind: 'whole', bytes: whole });
    }),
  );
});

test.each([
  ['a megabyte in pieces of 100 bytes', 100, 10_100, 'whole'],
  ['nine thousand pieces of one byte', 1, 9_000, 'whole'],
  ['a hundred thousand pieces of one byte', 1, 100_000, 'shredded'],
] as const)('LO-12 %s', async (_name, size, count, kind) => {
  const incoming = incomingOf();
  const body = readBody(incoming, 4_000_000);
  const piece = Buffer.alloc(size, 'a');
  for (let sent = 0; sent < count; sent++) incoming.write(piece);
  incoming.end();
  expect((await body).kind).toBe(kind);
});
