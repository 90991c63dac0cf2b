/**
 * The HTTP endpoint for AI clients: Streamable HTTP of both eras on 127.0.0.1, and nowhere else.
 *
 * Order of checks, first failure answers: Host and Origin, key, address, method, body headers, body, strict JSON,
 * JSON-RPC, era. Nothing behind a check is touched before it has passed.
 *
 * INVARIANT: listens on the loopback address and the port it was given, or not at all (LO-09, LO-10).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { AppError } from '../core/errors.ts';
import { allowedHosts, bearerKey, checkGate, ownOrigins, type Refusal } from './http-gate.ts';
import { type HttpExchange, servePost } from './http-post.ts';
import { deleteSession, openChangeStream } from './http-streams.ts';
import { errorMessage, rpcCode } from './json-rpc.ts';
import { createKeepAlive, type KeepAlive } from './keep-alive.ts';
import { createServing, type Serving, type ServingOptions } from './serving.ts';
import { createUnprovenConnections, type UnprovenConnections } from './unproven-connections.ts';
import { createWrongKeyBackoff } from './wrong-key-backoff.ts';

export type HttpInboundOptions = ServingOptions & {
  /** 0 takes any free port, for tests. */
  readonly port: number;
  /** Web origins that may use the bridge; none unless the person listed them. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Shared with the socket, so that both count towards the same limits. */
  readonly serving?: Serving | undefined;
};

export type HttpInbound = {
  readonly port: number;
  /** `http://127.0.0.1:PORT/mcp` */
  readonly url: string;
  /** Ends the calls and streams of one AI client, or of all. */
  disconnect(mcpClientId?: string): void;
  close(): Promise<void>;
};

const loopback = '127.0.0.1';
const mostConnections = 1024;
/** So that strangers leave most of them to those who have a key. */
const mostUnproven = 256;
const metadataPath = '/.well-known/oauth-protected-resource';

/** @throws AppError 'bridge.port-busy' */
export async function startHttpInbound(options: HttpInboundOptions): Promise<HttpInbound> {
  const serving = options.serving ?? createServing(options);
  const { limits } = serving;
  const keepAlive = createKeepAlive(limits.keepAliveMs);
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(2_000, limits.headersMs),
    keepAliveTimeout: 75_000,
    requireHostHeader: true,
    insecureHTTPParser: false,
  });
  // 0 lifts Node's cap, beyond which it drops headers silently; the size limit and the gate bound them instead
  server.maxHeadersCount = 0;
  server.maxConnections = mostConnections;
  const unproven = createUnprovenConnections(mostUnproven);
  server.on('connection', (socket) => unproven.add(socket));
  await listenOn(server, options.port);
  const { port } = server.address() as AddressInfo;
  const hosts = allowedHosts(port);
  const origins = new Set([...ownOrigins(port), ...(options.allowedOrigins ?? [])]);
  const gate = (incoming: IncomingMessage): Refusal | undefined => checkGate(incoming, hosts, origins);
  const serve = createRequestListener(serving, keepAlive, port, gate, unproven);
  server.on('request', serve);
  server.on('checkContinue', serve);
  server.on('checkExpectation', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const refusal = gate(incoming) ?? { status: 417, message: 'this expectation cannot be met' };
    refuse(serving, incoming, outgoing, refusal);
  });
  return {
    port,
    url: `http://${loopback}:${port}/mcp`,
    disconnect: (mcpClientId) => serving.disconnect(mcpClientId),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if (options.serving === undefined) serving.stop();
      else serving.disconnect();
      keepAlive.stop();
      // what was just told to end gets one turn of the loop to write it
      setImmediate(() => server.closeAllConnections());
      await closed;
    },
  };
}

function listenOn(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const busy = cause.code === 'EADDRINUSE' || cause.code === 'EACCES';
      // SECURITY(LO-09): never another port in silence; a stranger may be sitting on this one
      reject(busy ? new AppError('bridge.port-busy', `port ${port} on ${loopback}: ${cause.code}`, { cause }) : cause);
    });
    server.listen({ host: loopback, port, exclusive: true }, resolve);
  });
}

function createRequestListener(
  serving: Serving,
  keepAlive: KeepAlive,
  port: number,
  gate: (incoming: IncomingMessage) => Refusal | undefined,
  unproven: UnprovenConnections,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const backoff = createWrongKeyBackoff();
  const challenge = `Bearer realm="countersign", resource_metadata="http://${loopback}:${port}${metadataPath}", scope="mcp"`;

  const refuseKey = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const presented = incoming.headers.authorization !== undefined;
    const delayMs = presented ? backoff.refusalDelayMs(serving.clock.monotonicMs()) : 0;
    if (presented) serving.log({ kind: 'wrong-key', tries: backoff.tries() });
    if (delayMs === undefined) {
      incoming.socket.destroy();
      return;
    }
    const send = (): void => {
      if (presented) backoff.answered();
      refuse(serving, incoming, outgoing, {
        status: 401,
        message: 'A key of this AI client is needed. Connect it with `countersign connect`.',
        headers: { 'www-authenticate': presented ? `${challenge}, error="invalid_token"` : challenge },
      });
    };
    if (delayMs === 0) send();
    else setTimeout(send, delayMs).unref();
  };

  const busy = new WeakSet<Socket>();

  return (incoming, outgoing) => {
    const { socket } = incoming;
    // SECURITY(LO-11): one request at a time; what is sent behind an unanswered or refused one is never read
    if (busy.has(socket)) {
      socket.destroy();
      return;
    }
    busy.add(socket);
    outgoing.on('error', () => {});
    outgoing.once('close', () => {
      if (outgoing.shouldKeepAlive) busy.delete(socket);
    });
    const refusal = gate(incoming);
    if (refusal !== undefined) return refuse(serving, incoming, outgoing, refusal);
    if (incoming.method === 'GET' && incoming.url?.startsWith(metadataPath)) {
      return sendMetadata(incoming, outgoing, port);
    }
    const key = bearerKey(incoming);
    const clientRecord = key === undefined ? undefined : serving.keys.verify(key);
    if (clientRecord === undefined) return refuseKey(incoming, outgoing);
    unproven.proven(socket);
    const endpoint = endpointOf(incoming.url);
    const description = endpoint && serving.describe(endpoint, clientRecord.mcpClientId);
    if (endpoint === undefined || description === undefined) {
      return refuse(serving, incoming, outgoing, { status: 404, message: 'there is no such endpoint' });
    }
    const http: HttpExchange = { serving, keepAlive, incoming, outgoing, clientRecord, endpoint, description, refuse };
    if (incoming.method === 'POST') {
      servePost(http).catch(() => {
        serving.log({ kind: 'failed', message: 'a request could not be served' });
        outgoing.destroy();
      });
      return;
    }
    if (incoming.method === 'GET') return openChangeStream(http);
    if (incoming.method === 'DELETE') return deleteSession(http);
    refuse(serving, incoming, outgoing, {
      status: 405,
      message: 'this method is not allowed',
      headers: { allow: 'GET, POST, DELETE' },
    });
  };
}

/** `/mcp` or `/mcp/SERVER`; a query is refused with everything else, so that no key is ever put into one (LO-07). */
function endpointOf(url: string | undefined): HttpExchange['endpoint'] | undefined {
  if (url === '/mcp' || url === '/mcp/') return { kind: 'all' };
  const encoded = /^\/mcp\/([A-Za-z0-9._~%-]{1,256})$/.exec(url ?? '')?.[1];
  if (encoded === undefined) return undefined;
  try {
    return { kind: 'server', serverId: decodeURIComponent(encoded) };
  } catch {
    return undefined;
  }
}

/** RFC 9728 §3: says that a bearer key in a header is wanted. There is no authorization server: people connect clients. */
function sendMetadata(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
  const path = incoming.url?.slice(metadataPath.length) ?? '';
  if (path !== '' && endpointOf(path) === undefined) {
    outgoing.writeHead(404).end();
    return;
  }
  outgoing.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  outgoing.end(
    JSON.stringify({
      resource: `http://${loopback}:${port}${path === '' ? '/mcp' : path}`,
      resource_name: 'Countersign',
      bearer_methods_supported: ['header'],
      scopes_supported: ['mcp'],
    }),
  );
}

/** Closes the connection too: what is left of the request is not worth reading. */
function refuse(serving: Serving, incoming: IncomingMessage, outgoing: ServerResponse, refusal: Refusal): void {
  const { status, message, headers } = refusal;
  serving.log({ kind: 'refused', status, message });
  if (outgoing.headersSent || outgoing.destroyed) return;
  const body = JSON.stringify(errorMessage(null, { code: rpcCode.refused, message }));
  outgoing.shouldKeepAlive = false;
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  outgoing.end(body, () => incoming.destroy());
}
