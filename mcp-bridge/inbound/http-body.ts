/** Reads a request body up to a cap; what is beyond it is never held (LO-12). */
import type { IncomingMessage } from 'node:http';

export type BodyOutcome =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  /** The connection ended before the body did. */
  | { readonly kind: 'broken' };

export function readBody(incoming: IncomingMessage, maxBytes: number): Promise<BodyOutcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    incoming.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        incoming.pause();
        incoming.removeAllListeners('data');
        resolve({ kind: 'too-large' });
      } else chunks.push(chunk);
    });
    incoming.on('end', () => {
      resolve({ kind: 'whole', bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) });
    });
    incoming.on('error', () => resolve({ kind: 'broken' }));
    incoming.on('close', () => resolve({ kind: 'broken' }));
  });
}
