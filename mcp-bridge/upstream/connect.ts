/** Makes one connection to one configured upstream: starts or dials it, shakes hands, and says what failed. */
import type { UpstreamCredential } from '../pipeline/ports.ts';
import type { AccessTokenSource, ServerAuthorization } from './authorization/server-authorization.ts';
import { Child } from './child.ts';
import { childEnvironment } from './child-environment.ts';
import { offeredCapabilities } from './client-capabilities.ts';
import { type ConnectionOptions, UpstreamConnection } from './connection.ts';
import type { Guardian } from './guardian.ts';
import { handshake } from './handshake.ts';
import { HttpWire } from './http-wire.ts';
import { METHOD_NOT_FOUND, UpstreamRequestRefused } from './json-rpc.ts';
import type { BridgeIdentity } from './protocol-eras.ts';
import { type ResolvedCommand, resolveCommand } from './resolve-command.ts';
import type { HttpServerConfig, UpstreamServerConfig } from './server-config.ts';
import { SseWire } from './sse-wire.ts';
import { StdioWire } from './stdio-wire.ts';
import { readTlsFiles } from './tls-files.ts';
import type { Wire, WireLimits, WireListener } from './wire.ts';

export type ConnectEnvironment = {
  readonly bridge: BridgeIdentity;
  readonly limits: WireLimits;
  readonly guardian: Guardian;
  /** This process's environment: what PATH means and what a child may inherit is taken from it. */
  readonly environment: NodeJS.ProcessEnv;
  readonly connectTimeoutMs: number;
  readonly silenceMs: number;
  readonly credentialFor: (serverId: string) => Promise<UpstreamCredential | undefined>;
  /** Where access tokens come from for servers that a person signs in to; undefined: nobody can sign in here. */
  readonly accessTokens: AccessTokenSource | undefined;
};

/** What an upstream is, as far as this machine can tell: part of every definition hash (MC-04). */
export type Endpoint = {
  readonly endpoint: string;
  readonly executableHash?: string | undefined;
  readonly packageName?: string | undefined;
};

export type ConnectOptions = {
  readonly skipDiscover: boolean;
  readonly roots: readonly string[];
  readonly onServerNotification: ConnectionOptions['onServerNotification'];
  readonly inputSchemaOf: ConnectionOptions['inputSchemaOf'];
  /** Aborted when nobody wants the connection any more. */
  readonly signal: AbortSignal;
  readonly authorization: ServerAuthorization | undefined;
};

export type ConnectResult =
  | { readonly ok: true; readonly connection: UpstreamConnection; readonly endpoint: Endpoint }
  | {
      readonly ok: false;
      readonly reason: string;
      /** The process ended while it was asked what it speaks. */
      readonly diedAtDiscover: boolean;
      readonly httpStatus?: number | undefined;
    };

/**
 * A server that does not know `initialize` over Streamable HTTP may know HTTP+SSE only (MCP 2025-03-26 Streamable HTTP,
 * backwards compatibility). Asked at every connection anew, since a server may have learnt the newer one.
 *
 * Rejects with AppError 'config.invalid' or 'upstream.refused' where the configuration itself is at fault.
 */
export async function connectUpstream(
  serverConfig: UpstreamServerConfig,
  surroundings: ConnectEnvironment,
  options: ConnectOptions,
): Promise<ConnectResult> {
  const result = await connectOnce(serverConfig, surroundings, options);
  const mayBeOlder = serverConfig.kind === 'http' && serverConfig.type !== 'sse' && !options.signal.aborted;
  if (result.ok || !mayBeOlder || ![400, 404, 405].includes(result.httpStatus ?? 0)) return result;
  const older = await connectOnce({ ...serverConfig, type: 'sse' }, surroundings, options);
  // What has no event stream is no older server: then the first refusal says more, unless it wants a sign-in.
  const isOlder = older.ok || older.httpStatus === undefined || older.httpStatus === 401 || older.httpStatus === 403;
  return isOlder ? older : result;
}

async function connectOnce(
  serverConfig: UpstreamServerConfig,
  surroundings: ConnectEnvironment,
  options: ConnectOptions,
): Promise<ConnectResult> {
  const allowed = { ...serverConfig.allow, folders: options.roots };
  let connection: UpstreamConnection | undefined;
  const listener: WireListener = {
    onNotification: (method, params) => options.onServerNotification(method, params),
    onRequest: async (method) => {
      if (connection !== undefined) return connection.answer(method);
      if (method === 'ping') return {};
      throw new UpstreamRequestRefused(METHOD_NOT_FOUND, 'This is not allowed before the handshake is over.');
    },
  };
  const { wire, endpoint } = await openWire(serverConfig, surroundings, listener, options.authorization);
  const ownCredential = () => surroundings.credentialFor(serverConfig.serverId);
  const shaken = await handshake(wire, {
    bridge: surroundings.bridge,
    clientCapabilities: offeredCapabilities(allowed),
    credential: await ownCredential(),
    signal: options.signal,
    timeoutMs: surroundings.connectTimeoutMs,
    silenceMs: surroundings.silenceMs,
    // The stateless era has no such transport.
    skipDiscover: options.skipDiscover || isSse(serverConfig),
  });
  if (!shaken.ok) {
    const endReason = await reasonIfClosed(wire);
    await wire.close();
    if (wire.kind === 'http' || endReason === undefined)
      return { ok: false, reason: endReason ?? shaken.reason, diedAtDiscover: false, httpStatus: shaken.httpStatus };
    return { ok: false, reason: `its process ${endReason}`, diedAtDiscover: true };
  }
  connection = new UpstreamConnection(wire, shaken.identity, {
    bridge: surroundings.bridge,
    allowed,
    requestTimeoutMs: serverConfig.requestTimeoutMs,
    ownCredential,
    onServerNotification: options.onServerNotification,
    inputSchemaOf: options.inputSchemaOf,
  });
  return { ok: true, connection, endpoint };
}

async function openWire(
  serverConfig: UpstreamServerConfig,
  surroundings: ConnectEnvironment,
  listener: WireListener,
  authorization: ServerAuthorization | undefined,
): Promise<{ readonly wire: Wire; readonly endpoint: Endpoint }> {
  if (serverConfig.kind === 'http') {
    readTlsFiles(serverConfig);
    const OneWire = isSse(serverConfig) ? SseWire : HttpWire;
    const wire = new OneWire(serverConfig, listener, surroundings.limits, authorization);
    return { wire, endpoint: { endpoint: new URL(serverConfig.url).href } };
  }
  const where = `mcpServers.${serverConfig.serverId}.env`;
  const environment = childEnvironment(serverConfig.env, surroundings.environment, where);
  // Hashed at every start, since the file may have changed since the last one.
  const resolved: ResolvedCommand = await resolveCommand(serverConfig, environment['PATH'] ?? '');
  const child = new Child({ ...resolved, environment }, surroundings.guardian);
  return { wire: new StdioWire(child, listener, surroundings.limits), endpoint: resolved };
}

function isSse(serverConfig: UpstreamServerConfig): serverConfig is HttpServerConfig {
  return serverConfig.kind === 'http' && serverConfig.type === 'sse';
}

/** Lets those who wait for the end run first: a process that died tells its calls before it tells us. */
function reasonIfClosed(wire: Wire): Promise<string | undefined> {
  return Promise.race([wire.closed, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
}
