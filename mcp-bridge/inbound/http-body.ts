/** Reads a request body up to a cap; what is beyond it is never held (LO-12). */
import type { IncomingMessage } from 'node:http';
import { appendBytes } from './growing-bytes.ts';

export type BodyOutcome =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  /** In so many pieces of a few bytes that reading it keeps everybody else waiting. */
  | { readonly kind: 'shredded' }
  /** The connection ended before the body did. */
  | { readonly kind: 'broken' };

/** Nobody who has something to say sends this many chunks of less than that on average. */
const mostSmallPieces = 10_000;
const smallPieceBytes = 64;

export function readBody(incoming: IncomingMessage, maxBytes: number): Promise<BodyOutcome> {
  return new Promise((resolve) => {
    let held: Uint8Array | undefined;
    let length = 0;
    let pieces = 0;
    const giveUp = (kind: 'too-large' | 'shredded'): void => {
      incoming.pause();
      incoming.removeAllListeners('data');
      held = undefined;
      resolve({ kind });
    };
    incoming.on('data', (chunk: Buffer) => {
      pieces++;
      if (length + chunk.length > maxBytes) return giveUp('too-large');
      if (pieces > mostSmallPieces && length < pieces * smallPieceBytes) return giveUp('shredded');
      // most bodies are one piece, which is taken as it is
      held = held === undefined ? chunk : appendBytes(held, length, chunk);
      length += chunk.length;
    });
    incoming.on('end', () => {
      resolve({ kind: 'whole', bytes: (held ?? Buffer.alloc(0)).subarray(0, length) });
    });
    incoming.on('error', () => resolve({ kind: 'broken' }));
    incoming.on('close', () => resolve({ kind: 'broken' }));
  });
}
