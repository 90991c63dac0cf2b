/**
 * The issuer's signing keys, fetched when a token names one we do not hold, and not more often than every half minute:
 * a flood of made-up key ids makes no flood of requests (OA-23). While the issuer's key endpoint is down, known keys
 * serve until they are old.
 */
import { z } from 'zod';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import type { JsonWebKeySet } from '../../mcp-bridge/token/select-key.ts';
import { type VerifiedToken, type VerifyTokenOptions, verifyToken } from '../../mcp-bridge/token/verify-token.ts';
import type { GuardedFetch } from './guarded-fetch.ts';

const keySetSchema = z.object({ keys: z.array(z.unknown()).max(100) });
const coolDownMs = 30_000;
const keysLiveMs = 10 * 60_000;

export type IssuerKeys = {
  verify(compact: string, options: Omit<VerifyTokenOptions, 'jwks' | 'now'>): Promise<VerifiedToken>;
};

export function issuerKeys(jwksAddress: string, fetchKeys: GuardedFetch, nowMs: () => number): IssuerKeys {
  let held: { readonly jwks: JsonWebKeySet; readonly atMs: number } | undefined;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;

  async function fetchOnce(): Promise<void> {
    triedAtMs = nowMs();
    const answer = await fetchKeys(jwksAddress, { headers: { accept: 'application/json' } });
    if (answer.status !== 200) throw new AppError('identity.issuer-refused', 'the issuer’s keys are not to be had');
    const parsed = keySetSchema.safeParse(await answer.json().catch(() => undefined));
    if (!parsed.success) throw new AppError('identity.issuer-refused', 'the issuer’s keys are not a key set');
    held = { jwks: parsed.data, atMs: nowMs() };
  }

  async function refreshed(): Promise<void> {
    if (nowMs() - triedAtMs < coolDownMs) return;
    underWay ??= fetchOnce().finally(() => {
      underWay = undefined;
    });
    await underWay;
  }

  const verifyWithHeld = async (
    compact: string,
    options: Omit<VerifyTokenOptions, 'jwks' | 'now'>,
  ): Promise<VerifiedToken> =>
    held && nowMs() - held.atMs < keysLiveMs
      ? verifyToken(compact, { ...options, jwks: held.jwks, now: new Date(nowMs()) })
      : { ok: false, code: 'token.key-unknown' };

  return {
    async verify(compact, options) {
      const first = await verifyWithHeld(compact, options);
      if (first.ok || first.code !== 'token.key-unknown') return first;
      await refreshed(); // rotated, or never fetched
      return verifyWithHeld(compact, options);
    },
  };
}
