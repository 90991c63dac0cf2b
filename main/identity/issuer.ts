/** Discovery of an issuer, with what Countersign requires of one (RFC 8414; OpenID Connect Discovery 1.0). */
import * as oidc from 'openid-client';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import { browserAddress } from './open-in-browser.ts';

const answerWithinS = 15;

export async function discoverIssuer(issuer: string, oauthClientId: string): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  browserAddress(url);
  const insecure = url.protocol === 'http:' ? [oidc.allowInsecureRequests] : []; // loopback only, see browserAddress
  let configuration: oidc.Configuration;
  try {
    configuration = await oidc.discovery(
      url,
      oauthClientId,
      undefined,
      oidc.None(),
      // SECURITY(OA-11, OA-12): the id_token's signature is checked with the issuer's keys, not taken on trust from TLS.
      { execute: [oidc.enableNonRepudiationChecks, ...insecure], timeout: answerWithinS },
    );
  } catch (cause) {
    throw new AppError('identity.issuer-refused', 'discovery failed', { cause });
  }
  const metadata = configuration.serverMetadata();
  // SECURITY(OA-02): without S256 in the metadata a provider may ignore the challenge.
  if (!metadata.code_challenge_methods_supported?.includes('S256')) {
    throw new AppError('identity.issuer-refused', 'the issuer does not announce PKCE with S256');
  }
  if (!metadata.authorization_endpoint)
    throw new AppError('identity.issuer-refused', 'the issuer has no authorization endpoint');
  browserAddress(new URL(metadata.authorization_endpoint));
  return configuration;
}
