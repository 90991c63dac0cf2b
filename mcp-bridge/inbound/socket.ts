/**
 * The socket (or named pipe) for the stdio shim: 0600 in a 0700 folder, and each connection proves its key before a
 * single message is read (LO-08, LO-09; the proof is in socket-proof.ts).
 */
import { randomUUID } from 'node:crypto';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { AppError } from '../core/errors.ts';
import { isJsonObject } from '../core/model/json.ts';
import type { ClientKeyRecord } from './client-keys.ts';
import { socketName } from './data-dir.ts';
import { errorMessage, rpcCode } from './json-rpc.ts';
import { createLineReader } from './lines.ts';
import { ensurePrivateFolder } from './private-files.ts';
import type { Serving } from './serving.ts';
import { createSocketConnection, type SocketConnection } from './socket-connection.ts';
import {
  isClientId,
  isNonce,
  isServerId,
  newNonce,
  proofOf,
  proves,
  shimProtocol,
  type Transcript,
} from './socket-proof.ts';
import { parseStrictJson } from './strict-json.ts';

export type SocketInbound = { readonly path: string; close(): Promise<void> };

/** @throws AppError 'bridge.port-busy' when another bridge of this user listens there */
export async function startSocketInbound(serving: Serving, path: string): Promise<SocketInbound> {
  const isPipe = path.startsWith('\\\\');
  if (!isPipe) {
    ensurePrivateFolder(dirname(path));
    await removeStaleSocket(path);
  }
  const provenPath = socketName(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    accept(serving, socket, provenPath);
  });
  server.maxConnections = 512;
  await listenOn(server, path);
  if (!isPipe) chmodSync(path, 0o600);
  return {
    path,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function accept(serving: Serving, socket: Socket, socketPath: string): void {
  const { limits } = serving;
  let connection: SocketConnection | undefined;
  let opening: Opening | undefined;
  let unprovenBytes = 0;
  const reader = createLineReader(limits.bodyBytes, (line) => {
    if (socket.writableEnded) return;
    if (connection !== undefined) connection.receive(line);
    else if (opening === undefined) opening = hello(serving, socket, socketPath, line);
    else connection = finishProof(serving, socket, opening, line);
  });
  const proofTimer = setTimeout(() => connection ?? socket.destroy(), limits.proofMs);
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    // before the proof nobody may make the bridge hold more than a handshake
    if (connection === undefined) unprovenBytes += chunk.length;
    if (connection === undefined && unprovenBytes > mostProofBytes) socket.destroy();
    else if (!reader.feed(chunk)) endOverlong(socket, connection !== undefined, limits.bodyBytes);
  });
  socket.once('close', () => {
    clearTimeout(proofTimer);
    connection?.closed();
  });
}

const mostProofBytes = 16 * 1024;

/** What is left of the line is not read to its end, so nothing behind it can be; who has proven itself is told why. */
function endOverlong(socket: Socket, proven: boolean, mostBytes: number): void {
  socket.pause();
  if (!proven || socket.writableEnded) {
    socket.destroy();
    return;
  }
  const message = `a message is larger than ${mostBytes} bytes, so the connection is ended`;
  const line = JSON.stringify(errorMessage(null, { code: rpcCode.parseError, message }));
  socket.end(`${line}\n`, () => socket.destroy());
}

type Opening = { readonly clientRecord: ClientKeyRecord; readonly transcript: Transcript };

function hello(serving: Serving, socket: Socket, socketPath: string, line: Uint8Array): Opening | undefined {
  const parsed = parseStrictJson(line);
  if (!parsed.ok || !isJsonObject(parsed.value)) return refuse(socket, 'malformed');
  const { hello: protocol, mcpClientId, serverId, nonce } = parsed.value;
  if (protocol !== shimProtocol || !isClientId(mcpClientId) || !isServerId(serverId) || !isNonce(nonce)) {
    return refuse(socket, 'malformed');
  }
  const clientRecord = serving.keys.find(mcpClientId);
  if (clientRecord === undefined) {
    serving.log({ kind: 'wrong-key', tries: 1 });
    return refuse(socket, 'unknown-client');
  }
  const transcript = { socketPath, mcpClientId, serverId, shimNonce: nonce, bridgeNonce: newNonce() };
  const proof = proofOf('bridge', clientRecord.keyHash, transcript);
  socket.write(`${JSON.stringify({ nonce: transcript.bridgeNonce, proof })}\n`);
  return { clientRecord, transcript };
}

function finishProof(
  serving: Serving,
  socket: Socket,
  { clientRecord, transcript }: Opening,
  line: Uint8Array,
): SocketConnection | undefined {
  const parsed = parseStrictJson(line);
  const proof = parsed.ok && isJsonObject(parsed.value) ? parsed.value['proof'] : undefined;
  const { mcpClientId } = clientRecord;
  // SECURITY(I6): a key may have been revoked since the hello; what is revoked opens nothing, however long it was begun
  const standing = serving.keys.find(mcpClientId)?.keyHash === clientRecord.keyHash;
  if (!standing || !proves(proof, 'shim', clientRecord.keyHash, transcript)) {
    serving.log({ kind: 'wrong-key', tries: 1 });
    return refuse(socket, 'wrong-key');
  }
  const ofClient = [...serving.connections].filter((other) => other.mcpClientId === mcpClientId);
  if (ofClient.length >= serving.limits.socketConnectionsPerClient) return refuse(socket, 'too-many-connections');
  const entry = { mcpClientId, close: () => void socket.destroy() };
  serving.connections.add(entry);
  socket.once('close', () => serving.connections.delete(entry));
  serving.keys.noteUse(mcpClientId);
  socket.write('{"ready":true}\n');
  const { serverId } = transcript;
  const endpoint = serverId === '' ? ({ kind: 'all' } as const) : ({ kind: 'server', serverId } as const);
  return createSocketConnection(serving, socket, clientRecord, endpoint, randomUUID());
}

function refuse(socket: Socket, refused: string): undefined {
  socket.end(`${JSON.stringify({ refused })}\n`);
  // the rest of what the peer sends is not read
  socket.pause();
  return undefined;
}

function listenOn(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const busy = cause.code === 'EADDRINUSE' || cause.code === 'EACCES';
      reject(busy ? new AppError('bridge.port-busy', `the socket is in use: ${cause.code}`, { cause }) : cause);
    });
    server.listen({ path, exclusive: true, readableAll: false, writableAll: false }, resolve);
  });
}

/** A socket file that nobody answers on is what a killed bridge left behind. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket())
    throw new AppError('bridge.port-busy', 'something that is no socket has the name of the socket');
  const alive = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (alive) throw new AppError('bridge.port-busy', 'another bridge listens on the socket');
  rmSync(path, { force: true });
}
