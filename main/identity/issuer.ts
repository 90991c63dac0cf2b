/** Discovery (OpenID Connect Discovery §4), and what an issuer must offer before anything is asked of it. */
import * as oidc from 'openid-client';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import { type GuardedFetchOptions, guardedFetch } from './guarded-fetch.ts';
import { identityError } from './identity-error.ts';
import { type IssuerKeys, issuerKeys } from './issuer-keys.ts';
import { addressOf, browserAddress, isLoopbackHttp } from './open-in-browser.ts';

export type Issuer = {
  readonly configuration: oidc.Configuration;
  readonly keys: IssuerKeys;
};

const answerWithinS = 15;

/** @throws AppError 'identity.issuer-refused' or 'identity.sign-in-failed' */
export async function discoverIssuer(
  issuer: string,
  oauthClientId: string,
  nowMs: () => number,
  limits: GuardedFetchOptions = {},
): Promise<Issuer> {
  const url = addressOf(issuer);
  browserAddress(url);
  const fetchFrom = guardedFetch(url, limits);
  const insecure = isLoopbackHttp(url) ? [oidc.allowInsecureRequests] : []; // guardedFetch still refuses all others
  const clock = { [oidc.clockTolerance]: 30, [oidc.clockSkew]: Math.round((nowMs() - Date.now()) / 1000) };
  let configuration: oidc.Configuration;
  try {
    configuration = await oidc.discovery(url, oauthClientId, clock, oidc.None(), {
      execute: insecure,
      timeout: answerWithinS,
      [oidc.customFetch]: fetchFrom as unknown as oidc.CustomFetch,
    });
  } catch (error) {
    const reason = identityError(error, 'discovery failed');
    throw new AppError('identity.issuer-refused', reason.message);
  }
  const metadata = configuration.serverMetadata();
  // SECURITY(OA-26): openid-client compares parsed addresses; a person has agreed to a text.
  demand(metadata.issuer === issuer, 'it names itself differently');
  // SECURITY(OA-02): without S256 in the metadata a provider may ignore the challenge.
  demand(metadata.code_challenge_methods_supported?.includes('S256') === true, 'it does not announce PKCE with S256');
  demand(metadata.authorization_endpoint !== undefined, 'it has no authorization endpoint');
  demand(metadata.token_endpoint !== undefined, 'it has no token endpoint');
  browserAddress(addressOf(metadata.authorization_endpoint ?? '')); // SECURITY(OA-09)
  return { configuration, keys: issuerKeys(demandText(metadata.jwks_uri, 'it has no keys'), fetchFrom, nowMs) };
}

function demand(holds: boolean, why: string): void {
  if (!holds) throw new AppError('identity.issuer-refused', `the issuer was refused: ${why}`);
}

function demandText(value: string | undefined, why: string): string {
  demand(value !== undefined, why);
  return value ?? '';
}
