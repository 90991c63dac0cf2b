/**
 * Mutual proof between the stdio shim and the bridge, before either says anything that matters (LO-05, LO-09).
 *
 *     shim   → bridge  hello: client id, endpoint, nonce
 *     bridge → shim    nonce, HMAC(K, "bridge" ‖ transcript)      the shim stops here if it does not verify
 *     shim   → bridge  HMAC(K, "shim" ‖ transcript)               the bridge stops here if it does not verify
 *     bridge → shim    ready
 *
 * K is SHA-256 of the client key, which both hold; the key itself never travels. The transcript is both nonces, the
 * client id, the endpoint and the socket's path, so no proof fits another connection, and a go-between that listens on
 * another path cannot pass proofs on. The role words keep a proof from being sent back as the other side's.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export const shimProtocol = 'countersign-shim/1';

export type Hello = {
  readonly hello: typeof shimProtocol;
  readonly mcpClientId: string;
  /** A server id, or the empty text for the endpoint of all servers. */
  readonly serverId: string;
  readonly nonce: string;
};

export type Transcript = {
  readonly socketPath: string;
  readonly mcpClientId: string;
  readonly serverId: string;
  readonly shimNonce: string;
  readonly bridgeNonce: string;
};

export function newNonce(): string {
  return randomBytes(32).toString('base64url');
}

export function isNonce(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value);
}

/** Also the form of the name of a key file: nothing that leaves its folder. */
export function isClientId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(value);
}

export function isServerId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9._~-]{0,128}$/.test(value);
}

/** @param keyHash SHA-256 of the client key, lower-case hex */
export function proofOf(role: 'bridge' | 'shim', keyHash: string, transcript: Transcript): string {
  const { socketPath, mcpClientId, serverId, shimNonce, bridgeNonce } = transcript;
  const message = JSON.stringify([shimProtocol, role, socketPath, mcpClientId, serverId, shimNonce, bridgeNonce]);
  return createHmac('sha256', Buffer.from(keyHash, 'hex')).update(message, 'utf8').digest('base64url');
}

export function proves(proof: unknown, role: 'bridge' | 'shim', keyHash: string, transcript: Transcript): boolean {
  if (typeof proof !== 'string') return false;
  const expected = Buffer.from(proofOf(role, keyHash, transcript));
  const presented = Buffer.from(proof);
  return expected.length === presented.length && timingSafeEqual(expected, presented);
}
