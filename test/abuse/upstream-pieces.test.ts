/** MC-33: what an upstream sends costs what its bytes cost, however it cuts it. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JoinedBytes } from '../../mcp-bridge/upstream/joined-bytes.ts';
import { LineSplitter } from '../../mcp-bridge/upstream/line-splitter.ts';

const limits = { maxMessageBytes: 1_000, maxSkippedBytes: 2_000 };
const unwanted = { onOversized: () => expect.unreachable(), onEndless: () => expect.unreachable() };

test('MC-33 the pieces of a line are not held one by one', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const lines: string[] = [];
  const splitter = new LineSplitter(limits, { onLine: (line) => lines.push(line), ...unwanted });
  const pieces = Array.from({ length: 50 }, () => {
    const piece = Buffer.alloc(1, 'a');
    splitter.push(piece);
    return new WeakRef(piece);
  });
  // what a WeakRef was made for lives to the end of this turn
  await new Promise((next) => setImmediate(next));
  collect();
  expect(pieces.filter((piece) => piece.deref() !== undefined)).toEqual([]);
  splitter.push(Buffer.from('\n'));
  expect(lines).toEqual(['a'.repeat(50)]);
});

test('MC-33 joined bytes are those that came, and what was handed in stays as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 12 }), (pieces) => {
      const given = pieces.map((piece) => Buffer.from([...piece, 0xff]).subarray(0, piece.length));
      const joined = new JoinedBytes();
      for (const piece of given) joined.push(piece);
      expect(joined.take()).toEqual(Buffer.concat(pieces));
      expect([joined.length, given.map((piece) => new Uint8Array(piece))]).toEqual([0, pieces]);
    }),
  );
});
