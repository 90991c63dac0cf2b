/**
 * Where a sign-in to a server may lead. The server names its authorization server, and that one names its endpoints, so
 * every address is a stranger's word until it was judged (OA-10):
 *
 *  - https; plain http only on this machine, and only for a server that is on this machine itself
 *  - nowhere inside a network, unless the person allowed that for this server
 */
import { type JudgeAddress, refused } from '../identity/guarded-fetch.ts';

export type SignInServer = {
  readonly serverId: string;
  readonly url: string;
  readonly allowPrivateNetwork: boolean;
  /** Of an OAuth client that the person registered beforehand. */
  readonly oauthClientId?: string | undefined;
  readonly oauthClientSecret?: string | undefined;
  /** The first place that took that OAuth client; undefined: none has yet. */
  readonly oauthClientIssuer?: string | undefined;
  /** Asked for in place of what the server names. */
  readonly scopes?: readonly string[] | undefined;
};

const loopbackHosts = ['127.0.0.1', '[::1]', 'localhost'];

export function placesFor({ url, allowPrivateNetwork }: SignInServer): JudgeAddress {
  const isLocalServer = loopbackHosts.includes(new URL(url).hostname);
  return (place) => {
    const isWeb = place.protocol === 'https:' || place.protocol === 'http:';
    if (isLocalServer && isWeb && loopbackHosts.includes(place.hostname)) return true;
    if (place.protocol !== 'https:') throw refused('not https');
    return allowPrivateNetwork;
  };
}
