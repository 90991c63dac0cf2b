/** LO-12: a message costs what its bytes cost, however its sender cuts it. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendBytes } from '../../mcp-bridge/inbound/growing-bytes.ts';
import { createLineReader } from '../../mcp-bridge/inbound/lines.ts';

test('LO-12 the pieces of a line are not held one by one', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const lines: string[] = [];
  const reader = createLineReader(1_000, (line) => lines.push(Buffer.from(line).toString()));
  const pieces = Array.from({ length: 50 }, () => {
    const piece = Buffer.alloc(1, 'a');
    reader.feed(piece);
    return new WeakRef(piece);
  });
  // what a WeakRef was made for lives to the end of this turn
  await new Promise((next) => setImmediate(next));
  collect();
  expect(pieces.filter((piece) => piece.deref() !== undefined)).toEqual([]);
  reader.feed(Uint8Array.of(10));
  expect(lines).toEqual(['a'.repeat(50)]);
});

test('LO-12 bytes that arrive in pieces are all there, and what was handed in stays as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 5_000 }), { minLength: 1, maxLength: 12 }), (pieces) => {
      // as a socket gives them: views on something larger
      const given = pieces.map((piece) => Buffer.concat([piece, Buffer.alloc(64, 0xff)]).subarray(0, piece.length));
      const [first = new Uint8Array(), ...rest] = given;
      let held: Uint8Array = first;
      let length = first.length;
      for (const piece of rest) {
        held = appendBytes(held, length, piece);
        length += piece.length;
      }
      expect(Buffer.from(held.subarray(0, length))).toEqual(Buffer.concat(pieces));
      for (const [index, piece] of given.entries()) {
        expect(new Uint8Array(piece.buffer, piece.byteOffset + piece.length, 64)).toEqual(
          new Uint8Array(64).fill(0xff),
        );
        expect(Buffer.from(piece)).toEqual(Buffer.from(pieces[index] as Uint8Array));
      }
    }),
  );
});
