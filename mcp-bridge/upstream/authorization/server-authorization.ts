/**
 * One HTTP server's access token, and what a person would have to sign in for (MCP authorization).
 *
 * Main keeps the sign-in; here is only a short-lived access token for this one server, in memory. It is asked for before
 * it ends, and once more when the server refuses it; what is refused still needs the person, and no browser opens
 * because a server says so.
 */
import type { HttpServerConfig } from '../server-config.ts';
import type { WireAuthorization } from '../wire.ts';
import { askedScopes } from './asked-scopes.ts';
import { type BearerChallenge, bearerChallenge } from './challenge.ts';
import { discoverResource, type ResourceDiscovery, type ResourceMetadata } from './resource-metadata.ts';

export type AccessToken = {
  readonly value: string;
  /** Wall clock, milliseconds; undefined when the issuer does not say. */
  readonly expiresAtMs?: number | undefined;
};

/**
 * Main's answer; undefined: nobody is signed in to this server. `refused`: the server did not take this one, so a new one
 * is wanted. Rejects when main cannot get one now.
 */
export type AccessTokenSource = (
  serverId: string,
  options: { readonly refused?: string | undefined },
) => Promise<AccessToken | undefined>;

/** What the person would sign in for: the server's words, but for `resource`, which covers its configured address. */
export type SignInNeed = {
  readonly resource: string;
  readonly authorizationServers: readonly string[];
  readonly scopes: readonly string[];
  readonly why: 'not-signed-in' | 'refused' | 'more-scopes';
};

/** `renewed`: there is another token now. `needed`: the person has to sign in. `unclear`: `problem` says what is wrong. */
export type Learnt = 'renewed' | 'needed' | 'unclear';

const RENEW_BEFORE_MS = 30_000;
/** SECURITY(OA-28): a server that refuses every token does not make us get one after the other. */
const RENEWAL_PAUSE_MS = 30_000;

const PUBLISHED_LASTS_MS = 10_000;

type Published = {
  readonly hint: string | undefined;
  readonly atMs: number;
  readonly discovery: Promise<ResourceDiscovery>;
};
type Refusal = { readonly httpStatus: number; readonly challenge: BearerChallenge | undefined };

export class ServerAuthorization implements WireAuthorization {
  need: SignInNeed | undefined;
  /** The middle of a sentence; set when the server refuses us and does not say properly what it wants. */
  problem: string | undefined;
  readonly #serverConfig: HttpServerConfig;
  readonly #source: AccessTokenSource;
  #token: AccessToken | undefined;
  #wasAsked = false;
  #refusal: Refusal | undefined;
  #asking: Promise<void> | undefined;
  #learning: Promise<Learnt> | undefined;
  #lastRenewalMs = Number.NEGATIVE_INFINITY;
  #generation = 0;
  #isSourceDown = false;
  #published: Published | undefined;
  readonly #end = new AbortController();

  constructor(serverConfig: HttpServerConfig, source: AccessTokenSource) {
    this.#serverConfig = serverConfig;
    this.#source = source;
  }

  header(): string | undefined {
    return this.#token === undefined ? undefined : `Bearer ${this.#token.value}`;
  }

  /** For whoever takes secrets out of results. */
  heldToken(): string | undefined {
    return this.#token?.value;
  }

  refused(httpStatus: number, challenge: string | undefined): void {
    this.#refusal = { httpStatus, challenge: bearerChallenge(challenge) };
  }

  /** A token that is good for a while, where there is one; undefined: there is nothing to wait for. Never rejects. */
  prepare(): Promise<void> | undefined {
    if (this.#asking !== undefined) return this.#asking;
    const endsAtMs = this.#token?.expiresAtMs;
    const isFresh = this.#token !== undefined && (endsAtMs === undefined || endsAtMs - Date.now() > RENEW_BEFORE_MS);
    if (isFresh || (this.#token === undefined && this.#wasAsked)) return undefined;
    return this.#ask({});
  }

  /** Before an attempt to connect: only what is refused from here on counts. */
  async begin(): Promise<void> {
    await this.prepare();
    this.#refusal = undefined;
  }

  /** True when a 401 or 403 came since the beginning. */
  wasRefused(): boolean {
    return this.#refusal !== undefined;
  }

  /**
   * What a refusal means, and what can be done without the person. One at a time. Never rejects.
   *
   * @param used the header that was refused; another one may be in use by now (OA-20)
   */
  learn(used: string | undefined): Promise<Learnt> {
    const isOfToken = this.#refusal?.httpStatus === 401 && !isForScopes(this.#refusal);
    if (isOfToken && used !== this.header()) return Promise.resolve('renewed');
    this.#learning ??= this.#learn().finally(() => {
      this.#learning = undefined;
    });
    return this.#learning;
  }

  close(): void {
    this.#end.abort();
  }

  /** All is well: the server took us as we are. */
  accepted(): void {
    this.#refusal = undefined;
    this.problem = undefined;
    if (this.need?.why !== 'more-scopes') this.need = undefined;
  }

  /** The person signed in or out: what was known does not count any more. */
  forget(): void {
    this.#generation += 1;
    this.#token = undefined;
    this.#wasAsked = false;
    this.#refusal = undefined;
    this.#lastRenewalMs = Number.NEGATIVE_INFINITY;
    this.#published = undefined;
    this.need = undefined;
    this.problem = undefined;
  }

  async #learn(): Promise<Learnt> {
    const refusal = this.#refusal;
    const token = this.#token;
    if (refusal === undefined) return 'unclear';
    const isScopeRefusal = isForScopes(refusal);
    // Any other 403 is the server's own decision about the call, and no sign-in changes it; but some servers greet
    // strangers so, and then with a challenge.
    const isGreeting = token === undefined && refusal.challenge !== undefined;
    if (refusal.httpStatus === 403 && !isScopeRefusal && !isGreeting) return 'unclear';
    if (token !== undefined && !isScopeRefusal && (await this.#renew(token))) return 'renewed';
    if (this.#isSourceDown && !isScopeRefusal) {
      this.problem = 'its sign-in could not be renewed just now';
      return 'unclear';
    }
    const generation = this.#generation;
    const discovery = await this.#discover(refusal.challenge?.resourceMetadata);
    if (generation !== this.#generation) return 'renewed';
    if (!discovery.ok) {
      this.problem = `it wants a sign-in, but ${discovery.problem}`;
      return 'unclear';
    }
    this.problem = undefined;
    this.need = needOf(discovery.metadata, refusal, token);
    return 'needed';
  }

  /** Many calls may be refused at once; what the server publishes is read once for all of them. */
  #discover(hint: string | undefined): Promise<ResourceDiscovery> {
    const found = this.#published;
    if (found !== undefined && found.hint === hint && performance.now() - found.atMs < PUBLISHED_LASTS_MS)
      return found.discovery;
    const discovery = discoverResource(this.#serverConfig, hint, this.#end.signal);
    this.#published = { hint, atMs: performance.now(), discovery };
    return discovery;
  }

  async #renew({ value }: AccessToken): Promise<boolean> {
    if (performance.now() - this.#lastRenewalMs < RENEWAL_PAUSE_MS) return false;
    this.#lastRenewalMs = performance.now();
    await this.#asking;
    await this.#ask({ refused: value });
    return this.#token !== undefined && this.#token.value !== value;
  }

  #ask(options: { readonly refused?: string }): Promise<void> {
    this.#asking = this.#askOnce(options).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #askOnce(options: { readonly refused?: string }): Promise<void> {
    const generation = this.#generation;
    try {
      const token = await this.#source(this.#serverConfig.serverId, options);
      if (generation !== this.#generation) return;
      this.#token = token;
      this.#wasAsked = true;
      this.#isSourceDown = false;
    } catch {
      this.#isSourceDown = generation === this.#generation;
      // Main could not reach the issuer: the token we have may do for a while yet, and the next call asks again.
    }
  }
}

/** RFC 6750 §3.1 says 403; some say 401. */
function isForScopes({ challenge }: Refusal): boolean {
  return challenge?.error === 'insufficient_scope';
}

function needOf(metadata: ResourceMetadata, refusal: Refusal, token: AccessToken | undefined): SignInNeed {
  const { resource, authorizationServers, scopesSupported } = metadata;
  const isScopeRefusal = isForScopes(refusal);
  return {
    resource,
    authorizationServers,
    // Told "not enough" without a word about what would be, there is only the whole list.
    scopes:
      isScopeRefusal && refusal.challenge?.scopes === undefined
        ? (scopesSupported ?? [])
        : askedScopes(refusal.challenge?.scopes, scopesSupported),
    why: isScopeRefusal ? 'more-scopes' : token === undefined ? 'not-signed-in' : 'refused',
  };
}
