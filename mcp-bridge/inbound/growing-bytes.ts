/**
 * Bytes that arrive in pieces, in one buffer that doubles: a message costs what its bytes cost, however it is cut.
 *
 * SECURITY(LO-12): four million pieces of one byte, held one by one, take more than a gigabyte.
 */
const smallestCapacity = 4 * 1024;

/** `held` with its first `length` bytes followed by `piece`; what is behind them means nothing. */
export function appendBytes(held: Uint8Array, length: number, piece: Uint8Array): Uint8Array {
  const needed = length + piece.length;
  let roomy = held;
  if (needed > held.length) {
    roomy = Buffer.allocUnsafeSlow(Math.max(smallestCapacity, needed, held.length * 2));
    roomy.set(held.subarray(0, length));
  }
  roomy.set(piece, length);
  return roomy;
}
