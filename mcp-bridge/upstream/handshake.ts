/**
 * Finds out which era an upstream speaks, then makes itself known to it (MCP 2026-07-28, versioning).
 *
 * 1. `server/discover`: a result that offers 2026-07-28 = stateless.  2. Over stdio any error or silence, over HTTP
 * a client error other than 401 and 403 = initialize.  3. 401, 403, 5xx and a dead connection say nothing: failed.
 * An answer to `server/discover` that arrives after the silence still counts.
 */
import { isJsonObject, type JsonObject } from '../core/model/json.ts';
import type { UpstreamCredential, UpstreamOutcome } from '../pipeline/ports.ts';
import { statelessHeaders } from './http-headers.ts';
import {
  type BridgeIdentity,
  INITIALIZE_VERSIONS,
  META,
  STATELESS_VERSION,
  type UpstreamIdentity,
} from './protocol-eras.ts';
import type { Wire } from './wire.ts';

export type HandshakeOptions = {
  readonly bridge: BridgeIdentity;
  readonly clientCapabilities: JsonObject;
  readonly credential?: UpstreamCredential | undefined;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** How long an upstream on stdio may be silent before `initialize` is tried too. */
  readonly silenceMs: number;
  /** The last process ended when it was asked: go straight to `initialize`. */
  readonly skipDiscover: boolean;
};

export type HandshakeResult =
  | { readonly ok: true; readonly identity: UpstreamIdentity }
  | { readonly ok: false; readonly reason: string; readonly httpStatus?: number | undefined };

export async function handshake(wire: Wire, options: HandshakeOptions): Promise<HandshakeResult> {
  if (options.skipDiscover) return initialize(wire, options);
  const discovered = discover(wire, options);
  const first = await Promise.race([discovered, silence(wire, options)]);
  if (first === 'silent') {
    const initialized = initialize(wire, options);
    const late = discovered.then((outcome) => {
      const identity = statelessIdentity(outcome);
      return identity === undefined ? initialized : ({ ok: true, identity } as const);
    });
    return Promise.race([initialized.then((result) => (result.ok ? result : late)), late]);
  }
  const identity = statelessIdentity(first);
  if (identity !== undefined) return { ok: true, identity };
  const status = httpStatus(first);
  const saysNothing = first.kind === 'not-sent' || first.kind === 'unknown' || (status !== undefined && isMute(status));
  if (wire.kind === 'http' && first.kind !== 'answered' && saysNothing) return failed(first);
  return initialize(wire, options);
}

function discover(wire: Wire, options: HandshakeOptions): Promise<UpstreamOutcome> {
  const params = statelessParams({}, options.bridge, options.clientCapabilities);
  return wire.exchange({
    method: 'server/discover',
    params,
    headers: statelessHeaders('server/discover', params),
    credential: options.credential,
    signal: options.signal,
    timeoutMs: options.timeoutMs,
    cancelBy: 'none',
  });
}

async function initialize(wire: Wire, options: HandshakeOptions): Promise<HandshakeResult> {
  const outcome = await wire.exchange({
    method: 'initialize',
    params: {
      protocolVersion: INITIALIZE_VERSIONS[0],
      capabilities: options.clientCapabilities,
      clientInfo: options.bridge,
    },
    credential: options.credential,
    signal: options.signal,
    timeoutMs: options.timeoutMs,
    cancelBy: 'none',
  });
  if (outcome.kind !== 'answered') return failed(outcome);
  const { protocolVersion, capabilities, serverInfo, instructions } = outcome.result;
  if (!INITIALIZE_VERSIONS.some((version) => version === protocolVersion))
    return { ok: false, reason: 'it speaks no protocol revision that is known here' };
  const identity: UpstreamIdentity = {
    era: 'initialize',
    protocolVersion: protocolVersion as string,
    serverInfo: isJsonObject(serverInfo) ? serverInfo : {},
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    instructions: typeof instructions === 'string' ? instructions : undefined,
  };
  const headers = { 'mcp-protocol-version': identity.protocolVersion };
  // A server may take its time to say that it heard; nobody waits for that once the connection is not wanted any more.
  await Promise.race([wire.notify('notifications/initialized', {}, headers), aborted(options.signal)]);
  return { ok: true, identity };
}

function statelessIdentity(outcome: UpstreamOutcome): UpstreamIdentity | undefined {
  if (outcome.kind !== 'answered') return undefined;
  const { supportedVersions, capabilities, instructions, _meta, serverInfo } = outcome.result;
  if (!Array.isArray(supportedVersions) || !supportedVersions.includes(STATELESS_VERSION)) return undefined;
  const inMeta = isJsonObject(_meta) ? _meta[META.serverInfo] : undefined;
  const named = isJsonObject(inMeta) ? inMeta : serverInfo;
  return {
    era: 'stateless',
    protocolVersion: STATELESS_VERSION,
    serverInfo: isJsonObject(named) ? named : {},
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    instructions: typeof instructions === 'string' ? instructions : undefined,
  };
}

/** The `_meta` envelope that every request of the stateless era carries; the caller's own members stay. */
export function statelessParams(
  params: JsonObject,
  bridge: BridgeIdentity,
  clientCapabilities: JsonObject,
): JsonObject {
  const meta = isJsonObject(params['_meta']) ? params['_meta'] : {};
  return {
    ...params,
    _meta: {
      ...meta,
      [META.protocolVersion]: STATELESS_VERSION,
      [META.clientInfo]: bridge,
      [META.clientCapabilities]: clientCapabilities,
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function silence(wire: Wire, options: HandshakeOptions): Promise<'silent' | UpstreamOutcome> {
  if (wire.kind === 'http') return new Promise(() => {});
  return new Promise((resolve) => {
    setTimeout(() => resolve('silent'), options.silenceMs).unref();
  });
}

function httpStatus(outcome: UpstreamOutcome): number | undefined {
  const data = outcome.kind === 'failed' ? (outcome.data as JsonObject | undefined) : undefined;
  return isJsonObject(data) && typeof data['httpStatus'] === 'number' ? data['httpStatus'] : undefined;
}

function isMute(status: number): boolean {
  return status === 401 || status === 403 || status >= 500 || (status >= 300 && status < 400);
}

function failed(outcome: Exclude<UpstreamOutcome, { kind: 'answered' }>): HandshakeResult {
  return outcome.kind === 'failed'
    ? { ok: false, reason: `the handshake was refused (${outcome.code})`, httpStatus: httpStatus(outcome) }
    : { ok: false, reason: outcome.reason };
}
