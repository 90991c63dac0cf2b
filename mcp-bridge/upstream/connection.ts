/**
 * An upstream that answered the handshake: takes requests as the bridge means them and sends them as the upstream's
 * era wants them. Results come back exactly as the upstream wrote them.
 *
 * Stateless era: the `_meta` envelope is the bridge's own; subscribing is done by `subscriptions/listen`; there is no
 * ping and no session-wide log level. Initialize era: no envelope; a log level is set for the whole connection.
 */
import { pathToFileURL } from 'node:url';
import { isJsonObject, type JsonObject } from '../core/model/json.ts';
import type { UpstreamCredential, UpstreamOutcome, UpstreamRequest } from '../pipeline/ports.ts';
import { type Allowed, capabilitiesForCall, mayAsk } from './client-capabilities.ts';
import { statelessParams } from './handshake.ts';
import { statelessHeaders } from './http-headers.ts';
import { METHOD_NOT_FOUND, UpstreamRequestRefused } from './json-rpc.ts';
import { type BridgeIdentity, META, type UpstreamIdentity } from './protocol-eras.ts';
import { ServerSubscription } from './server-subscription.ts';
import type { Wire } from './wire.ts';

export type ConnectionOptions = {
  readonly bridge: BridgeIdentity;
  readonly allowed: Allowed;
  readonly requestTimeoutMs: number;
  /** For what the connection asks on its own behalf. */
  readonly ownCredential: () => Promise<UpstreamCredential | undefined>;
  /** `notifications/*` that belong to no call. */
  readonly onServerNotification: (method: string, params: JsonObject) => void;
  /** Pinned schema of a tool, for the headers that mirror arguments. */
  readonly inputSchemaOf: (toolName: string) => JsonObject | undefined;
};

/** The longest that a timer of Node can wait. */
const FOR_EVER_MS = 0x7fff_ffff;

export type CallRequest = Omit<UpstreamRequest, 'serverId'>;

export class UpstreamConnection {
  readonly identity: UpstreamIdentity;
  readonly pid: number | undefined;
  readonly closed: Promise<string>;
  readonly #wire: Wire;
  readonly #options: ConnectionOptions;
  readonly #subscription: ServerSubscription | undefined;
  #logLevel: string | undefined;

  constructor(wire: Wire, identity: UpstreamIdentity, options: ConnectionOptions) {
    this.#wire = wire;
    this.identity = identity;
    this.#options = options;
    this.pid = wire.pid;
    this.closed = wire.closed;
    if (identity.era === 'stateless')
      this.#subscription = new ServerSubscription(identity.capabilities, {
        listen: (params, signal, onNotification) =>
          this.#ownRequest('subscriptions/listen', params, signal, onNotification),
        onNotification: options.onServerNotification,
      });
    else wire.openServerStream?.({ 'mcp-protocol-version': identity.protocolVersion });
  }

  /** Never rejects. */
  request(callRequest: CallRequest): Promise<UpstreamOutcome> {
    return this.identity.era === 'stateless' ? this.#stateless(callRequest) : this.#initializeEra(callRequest);
  }

  /** A request of the bridge itself, such as a list, with the credential that it has for reading. Never rejects. */
  async ask(method: string, params: JsonObject, signal: AbortSignal): Promise<UpstreamOutcome> {
    return this.request({ method, params, signal, credential: await this.#options.ownCredential() });
  }

  async close(): Promise<void> {
    this.#subscription?.close();
    await this.#wire.close();
  }

  async #stateless(callRequest: CallRequest): Promise<UpstreamOutcome> {
    const { method, params } = callRequest;
    if (method === 'ping') return { kind: 'answered', result: {} };
    if (method === 'logging/setLevel') {
      this.#logLevel = typeof params['level'] === 'string' ? params['level'] : undefined;
      return { kind: 'answered', result: {} };
    }
    if (method === 'resources/subscribe' || method === 'resources/unsubscribe') {
      this.#subscription?.setResource(String(params['uri']), method === 'resources/subscribe');
      return { kind: 'answered', result: {} };
    }
    const meta = isJsonObject(params['_meta']) ? params['_meta'] : {};
    const leveled =
      this.#logLevel === undefined || META.logLevel in meta
        ? params
        : { ...params, _meta: { ...meta, [META.logLevel]: this.#logLevel } };
    const sent = statelessParams(
      leveled,
      this.#options.bridge,
      capabilitiesForCall(this.#options.allowed, params, callRequest.onUpstreamRequest !== undefined),
    );
    const toolName = method === 'tools/call' && typeof params['name'] === 'string' ? params['name'] : undefined;
    const schema = toolName === undefined ? undefined : this.#options.inputSchemaOf(toolName);
    return this.#exchange(callRequest, sent, statelessHeaders(method, sent, schema));
  }

  async #initializeEra(callRequest: CallRequest): Promise<UpstreamOutcome> {
    const { params } = callRequest;
    const meta = isJsonObject(params['_meta']) ? params['_meta'] : {};
    const { [META.protocolVersion]: _v, [META.clientInfo]: _i, [META.clientCapabilities]: _c, ...others } = meta;
    const { [META.logLevel]: level, ...kept } = others;
    if (typeof level === 'string') await this.#setLogLevel(level, callRequest.signal);
    const { _meta, ...bare } = params;
    const sent = Object.keys(kept).length === 0 ? bare : { ...bare, _meta: kept };
    return this.#exchange(callRequest, sent, { 'mcp-protocol-version': this.identity.protocolVersion });
  }

  #exchange(callRequest: CallRequest, params: JsonObject, headers: Record<string, string>): Promise<UpstreamOutcome> {
    const { onUpstreamRequest, onNotification } = callRequest;
    const isStatelessHttp = this.identity.era === 'stateless' && this.#wire.kind === 'http';
    return this.#wire.exchange({
      method: callRequest.method,
      params,
      headers,
      credential: callRequest.credential,
      signal: callRequest.signal,
      timeoutMs: callRequest.method === 'subscriptions/listen' ? FOR_EVER_MS : this.#options.requestTimeoutMs,
      cancelBy: isStatelessHttp ? 'closing-the-stream' : 'notification',
      onNotification,
      onRequest:
        onUpstreamRequest === undefined
          ? undefined
          : async (method, value) => {
              const { allowed } = this.#options;
              const isOurs = method === 'roots/list' && allowed.folders.length > 0;
              return isOurs || !mayAsk(allowed, method) ? this.answer(method) : onUpstreamRequest(method, value);
            },
    });
  }

  /** What an upstream may ask without a call of an AI client behind it. */
  async answer(method: string): Promise<JsonObject> {
    if (method === 'ping') return {};
    const { folders } = this.#options.allowed;
    if (method === 'roots/list' && folders.length > 0)
      return { roots: folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder })) };
    throw new UpstreamRequestRefused(METHOD_NOT_FOUND, 'This is not allowed for this server.');
  }

  async #setLogLevel(level: string, signal: AbortSignal): Promise<void> {
    if (level === this.#logLevel || this.identity.capabilities['logging'] === undefined) return;
    this.#logLevel = level;
    await this.#initializeEra({ method: 'logging/setLevel', params: { level }, signal });
  }

  async #ownRequest(
    method: string,
    params: JsonObject,
    signal: AbortSignal,
    onNotification: (method: string, params: JsonObject) => void,
  ): Promise<UpstreamOutcome> {
    const credential = await this.#options.ownCredential();
    return this.#stateless({ method, params, signal, onNotification, credential });
  }
}
