/**
 * All upstreams of the bridge: starts them side by side, keeps them running, looks at their definitions whenever they
 * may have changed, and forwards calls. One hung upstream delays nobody but its own callers.
 */
import type { JsonObject } from '../core/model/json.ts';
import type { UpstreamCredential, UpstreamOutcome, UpstreamPort, UpstreamRequest } from '../pipeline/ports.ts';
import { requestSignedIn } from './authorization/refused-request.ts';
import type { AccessTokenSource } from './authorization/server-authorization.ts';
import { connectedWithin, isGone } from './availability.ts';
import { Catalogue, type CatalogueOptions } from './catalogue.ts';
import type { ConnectEnvironment, Endpoint } from './connect.ts';
import type { UpstreamConnection } from './connection.ts';
import { describeServer } from './describe-server.ts';
import { asSentence, EraBridge, sentenceOf } from './era-bridge.ts';
import { Guardian } from './guardian.ts';
import { readLists } from './list-definitions.ts';
import { Listeners } from './listeners.ts';
import { withoutEnvelope } from './own-envelope.ts';
import type { BridgeIdentity } from './protocol-eras.ts';
import { createRefreshGate, type RefreshGate } from './refresh-gate.ts';
import { isForEverybody } from './relayed-notifications.ts';
import type { UpstreamServerConfig } from './server-config.ts';
import { SupervisedUpstream } from './supervised-upstream.ts';
import { statusOf, type UpstreamStatus } from './upstream-status.ts';
import { WatchedResources } from './watched-resources.ts';
import { DEFAULT_WIRE_LIMITS, type WireLimits } from './wire.ts';

export type UpstreamManagerOptions = CatalogueOptions & {
  readonly bridge: BridgeIdentity;
  /** What a server is listed with and greeted with; calls bring their own. */
  readonly credentialFor?: ((serverId: string) => Promise<UpstreamCredential | undefined>) | undefined;
  /** For servers that a person signs in to; absent where nobody can sign in. */
  readonly accessTokens?: AccessTokenSource | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
  readonly limits?: Partial<WireLimits> | undefined;
  /** Default 60 s: a package runner may have to fetch the server first. */
  readonly connectTimeoutMs?: number | undefined;
  /** Default 3 s. */
  readonly silenceMs?: number | undefined;
  /** How long a call waits for an upstream that is not connected. Default 20 s. */
  readonly reconnectWaitMs?: number | undefined;
};

/** `notifications/*` of a server that belong to no call; list changes only when what is served has changed. */
export type ServerNotification = { readonly serverId: string; readonly method: string; readonly params: JsonObject };

type Managed = {
  readonly upstream: SupervisedUpstream;
  readonly gate: RefreshGate;
  readonly watched: WatchedResources;
  readonly elsewhere: (method: string, params: JsonObject) => void;
  endpoint: Endpoint;
  /** Of the last look at its definitions. */
  busyMs?: number;
};

/** A server that changed its definitions without a word is found out by then at the latest (MC-03). */
const LOOK_AGAIN_MS = 10 * 60_000;
const LOOK_AFTER_FAILURE_MS = 5_000;
const LIST_CHANGED = /^notifications\/(tools|prompts|resources)\/list_changed$/;

export class UpstreamManager implements UpstreamPort {
  readonly catalogue: Catalogue;
  readonly #surroundings: ConnectEnvironment;
  readonly #reconnectWaitMs: number;
  readonly #servers = new Map<string, Managed>();
  readonly #eras = new EraBridge();
  readonly #lookAgain: NodeJS.Timeout;
  readonly #status = new Listeners<[]>();
  readonly #notifications = new Listeners<[ServerNotification]>();

  constructor(options: UpstreamManagerOptions) {
    this.catalogue = new Catalogue(options);
    this.#lookAgain = setInterval(() => {
      for (const { gate } of this.#servers.values()) gate.ask();
    }, LOOK_AGAIN_MS).unref();
    this.#reconnectWaitMs = options.reconnectWaitMs ?? 20_000;
    this.#surroundings = {
      bridge: options.bridge,
      limits: { ...DEFAULT_WIRE_LIMITS, ...options.limits },
      guardian: new Guardian(),
      environment: options.environment ?? process.env,
      connectTimeoutMs: options.connectTimeoutMs ?? 60_000,
      silenceMs: options.silenceMs ?? 3_000,
      credentialFor: options.credentialFor ?? (async () => undefined),
      accessTokens: options.accessTokens,
    };
  }

  /** Resolves when each server was tried once, or after `patienceMs`; whatever is not there yet comes later. */
  async start(serverConfigs: readonly UpstreamServerConfig[], patienceMs = 30_000): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    const tried = Promise.all(serverConfigs.filter(({ disabled }) => !disabled).map((config) => this.add(config)));
    await Promise.race([tried, patience]);
    clearTimeout(timer);
  }

  async add(serverConfig: UpstreamServerConfig): Promise<void> {
    const { serverId } = serverConfig;
    // Again where somebody else added it meanwhile: two of one id would leave a process that nobody knows.
    while (this.#servers.has(serverId)) await this.remove(serverId);
    const facts = describeServer(serverConfig, this.#surroundings.environment);
    const gate = createRefreshGate(() => this.#refresh(serverId));
    const elsewhere = (method: string, params: JsonObject) => this.#onNotification(serverId, method, params);
    const upstream = new SupervisedUpstream(serverConfig, this.#surroundings, {
      roots: serverConfig.roots ?? [],
      inputSchemaOf: (toolName) => this.catalogue.resolve(serverId, toolName)?.pinned.definition.inputSchema,
      onConnected: (connection, endpoint) => this.#onConnected(serverId, connection, endpoint),
      onServerNotification: elsewhere,
      onChange: () => this.#status.tell(),
    });
    const watched = new WatchedResources();
    this.#servers.set(serverId, { upstream, gate, watched, elsewhere, endpoint: { endpoint: facts.endpoint } });
    this.catalogue.addServer(facts);
    this.#status.tell();
    await upstream.start();
  }

  async remove(serverId: string): Promise<void> {
    const managed = this.#servers.get(serverId);
    if (managed === undefined) return;
    this.#servers.delete(serverId);
    this.catalogue.removeServer(serverId);
    managed.gate.close();
    await managed.upstream.close();
    this.#status.tell();
  }

  async close(): Promise<void> {
    clearInterval(this.#lookAgain);
    this.#eras.close();
    await Promise.all([...this.#servers.keys()].map((serverId) => this.remove(serverId)));
  }

  async request(upstreamRequest: UpstreamRequest): Promise<UpstreamOutcome> {
    const managed = this.#servers.get(upstreamRequest.serverId);
    const { allow, roots: folders = [] } = managed?.upstream.serverConfig ?? {};
    const { elsewhere = () => {} } = managed ?? {};
    const facing = { allow, folders, elsewhere, era: managed?.upstream.connection?.identity.era };
    const isNew = managed?.watched.expect(upstreamRequest) ?? false;
    const outcome = await this.#eras.request(upstreamRequest, facing, (each) => this.#send(each));
    managed?.watched.note(upstreamRequest, outcome, isNew);
    return withoutEnvelope(asSentence(outcome));
  }

  async #send(upstreamRequest: UpstreamRequest): Promise<UpstreamOutcome> {
    const managed = this.#servers.get(upstreamRequest.serverId);
    if (managed === undefined) return { kind: 'not-sent', reason: 'there is no such server' };
    if (upstreamRequest.signal.aborted) return { kind: 'not-sent', reason: 'cancelled before it was sent' };
    const { upstream } = managed;
    const first = upstream.connection;
    if (first !== undefined) {
      const outcome = await this.#requestOn(upstream, first, upstreamRequest);
      // Nothing of it was sent, and the connection turned out to be gone: once more on a new one is safe.
      if (outcome.kind !== 'not-sent' || upstreamRequest.signal.aborted || !(await isGone(first))) return outcome;
    }
    const next = await connectedWithin(upstream, upstreamRequest.signal, this.#reconnectWaitMs);
    if (next === undefined) return { kind: 'not-sent', reason: upstream.lastError ?? 'the server is not connected' };
    return this.#requestOn(upstream, next, upstreamRequest);
  }

  #requestOn(
    upstream: SupervisedUpstream,
    connection: UpstreamConnection,
    upstreamRequest: UpstreamRequest,
  ): Promise<UpstreamOutcome> {
    const send = () => this.#requestNow(upstream, connection, upstreamRequest);
    const preparing = upstream.authorization?.prepare();
    return preparing === undefined ? send() : preparing.then(send);
  }

  #requestNow(
    upstream: SupervisedUpstream,
    connection: UpstreamConnection,
    upstreamRequest: UpstreamRequest,
  ): Promise<UpstreamOutcome> {
    // SECURITY(MC-03): the definition may have changed between the decision and now, most of all by a restart.
    if (upstreamRequest.method === 'tools/call' && !this.#isCallable(upstreamRequest))
      return Promise.resolve({
        kind: 'not-sent',
        reason: 'the tool is not (or not any more) the one that was reviewed',
      });
    return upstream.authorization === undefined
      ? connection.request(upstreamRequest)
      : requestSignedIn(upstream, upstream.authorization, connection, upstreamRequest);
  }

  /** Resolves when the server was tried again with what holds now. */
  async signInChanged(serverId: string): Promise<void> {
    await this.#servers.get(serverId)?.upstream.signInChanged();
    this.#status.tell();
  }

  /** Access tokens in use now, for whoever takes secrets out of results. */
  heldTokens(): readonly string[] {
    return [...this.#servers.values()].flatMap(({ upstream }) => upstream.authorization?.heldToken() ?? []);
  }

  status(): readonly UpstreamStatus[] {
    return [...this.#servers].map(([serverId, { upstream, endpoint }]) =>
      statusOf(serverId, upstream, endpoint, this.catalogue),
    );
  }

  /** What a server says it can do; undefined while it is not connected. Untrusted. */
  capabilities(serverId: string): JsonObject | undefined {
    return this.#servers.get(serverId)?.upstream.connection?.identity.capabilities;
  }

  obstacle(serverId: string): string | undefined {
    const upstream = this.#servers.get(serverId)?.upstream;
    if (upstream?.state !== 'sign-in-needed' || upstream.lastError === undefined) return undefined;
    return sentenceOf(upstream.lastError);
  }

  onChange(listener: () => void): () => void {
    return this.#status.add(listener);
  }

  onServerNotification(listener: (notification: ServerNotification) => void): () => void {
    return this.#notifications.add(listener);
  }

  #isCallable({ serverId, params }: UpstreamRequest): boolean {
    return typeof params['name'] === 'string' && this.catalogue.isCallable(serverId, params['name']);
  }

  async #onConnected(serverId: string, connection: UpstreamConnection, endpoint: Endpoint): Promise<boolean> {
    const managed = this.#servers.get(serverId);
    if (managed === undefined) return false;
    managed.endpoint = endpoint;
    const isKnown = await this.#readLists(serverId, connection, endpoint);
    if (isKnown) void managed.watched.restore(connection);
    return isKnown;
  }

  /** How long it kept this thread busy, milliseconds. */
  async #refresh(serverId: string): Promise<number> {
    const managed = this.#servers.get(serverId);
    const connection = managed?.upstream.connection;
    if (managed === undefined || connection === undefined) return 0;
    const isKnown = await this.#readLists(serverId, connection, managed.endpoint);
    // SECURITY(MC-03): a look that fails must not hide a change until the next one that is due.
    if (!isKnown) setTimeout(() => managed.gate.ask(), LOOK_AFTER_FAILURE_MS).unref();
    return managed.busyMs ?? 0;
  }

  async #readLists(serverId: string, connection: UpstreamConnection, endpoint: Endpoint): Promise<boolean> {
    const lists = await readLists(connection, this.#surroundings.connectTimeoutMs);
    if (lists === undefined) return false;
    const startedMs = performance.now();
    const served = this.catalogue.refresh(serverId, connection.identity, endpoint, lists);
    const managed = this.#servers.get(serverId);
    if (managed !== undefined) managed.busyMs = (lists.busyMs ?? 0) + performance.now() - startedMs;
    for (const name of ['tools', 'prompts', 'resources'] as const)
      if (served[name])
        this.#notifications.tell({ serverId, method: `notifications/${name}/list_changed`, params: {} });
    this.#status.tell();
    return true;
  }

  #onNotification(serverId: string, method: string, params: JsonObject): void {
    const managed = this.#servers.get(serverId);
    if (managed === undefined) return;
    const { gate, upstream, watched } = managed;
    const server = {
      mayElicit: upstream.serverConfig.allow.elicitation,
      watches: (uri: string) => watched.has(uri),
    };
    if (LIST_CHANGED.test(method)) gate.ask();
    else if (isForEverybody(method, params, server)) this.#notifications.tell({ serverId, method, params });
  }
}
