/**
 * The shim's half of the proof: connects to the bridge's socket and makes sure it is the bridge before it sends
 * anything worth having (LO-09). What goes out before that is the client's id and a random number.
 */
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { AppError } from '../core/errors.ts';
import { hashClientKey } from './client-keys.ts';
import { socketName } from './data-dir.ts';
import { createLineReader } from './lines.ts';
import { checkPrivateFolder } from './private-files.ts';
import { type Hello, isNonce, newNonce, proofOf, proves, shimProtocol, type Transcript } from './socket-proof.ts';

export type ShimTarget = {
  readonly socketPath: string;
  readonly mcpClientId: string;
  /** A server id, or the empty text for all servers. */
  readonly serverId: string;
  readonly key: string;
  readonly timeoutMs: number;
};

/** @throws AppError 'bridge.not-running' | 'bridge.not-ours' */
export async function connectToBridge(target: ShimTarget): Promise<Socket> {
  const { socketPath } = target;
  try {
    if (!socketPath.startsWith('\\\\')) checkPrivateFolder(dirname(socketPath));
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new AppError(missing ? 'bridge.not-running' : 'bridge.not-ours', 'the socket folder cannot be used', {
      cause,
    });
  }
  const socket = await open(socketPath);
  try {
    await prove(socket, target);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function open(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('error', (cause) =>
      reject(new AppError('bridge.not-running', 'nothing answers on the socket', { cause })),
    );
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

type Frame = { readonly [name: string]: unknown };

async function prove(socket: Socket, target: ShimTarget): Promise<void> {
  const { socketPath, mcpClientId, serverId, key, timeoutMs } = target;
  const keyHash = hashClientKey(key);
  const shimNonce = newNonce();
  const frames = readFrames(socket, timeoutMs);
  send(socket, { hello: shimProtocol, mcpClientId, serverId, nonce: shimNonce } satisfies Hello);
  const { nonce: bridgeNonce, proof, refused } = await frames.next();
  if (refused !== undefined) throw refusedBy(refused);
  if (!isNonce(bridgeNonce)) throw new AppError('bridge.not-ours', 'the answer is not that of the bridge');
  const transcript: Transcript = { socketPath: socketName(socketPath), mcpClientId, serverId, shimNonce, bridgeNonce };
  if (!proves(proof, 'bridge', keyHash, transcript)) {
    throw new AppError('bridge.not-ours', 'whatever listens on the socket does not know the key');
  }
  send(socket, { proof: proofOf('shim', keyHash, transcript) });
  const last = await frames.next();
  if (last['ready'] !== true) throw refusedBy(last['refused']);
  frames.stop();
}

/** Whoever is there said no; before its proof it may be anybody, and either way nothing more is sent. */
function refusedBy(refused: unknown): AppError {
  const known = ['unknown-client', 'wrong-key', 'too-many-connections', 'malformed'].find((code) => code === refused);
  const aboutKey = known === 'unknown-client' || known === 'wrong-key';
  return new AppError(
    aboutKey ? 'client.no-usable-key' : 'bridge.not-ours',
    `the bridge refused: ${known ?? 'no reason'}`,
  );
}

function send(socket: Socket, frame: Frame): void {
  socket.write(`${JSON.stringify(frame)}\n`);
}

/** One frame at a time; after `stop` the socket is paused and its bytes belong to the caller. */
function readFrames(socket: Socket, timeoutMs: number): { next(): Promise<Frame>; stop(): void } {
  const arrived: Frame[] = [];
  let deliver: ((frame: Frame) => void) | undefined;
  let fail: ((error: AppError) => void) | undefined;
  const reader = createLineReader(16 * 1024, (line) => {
    const frame = readFrame(line);
    if (deliver === undefined) arrived.push(frame);
    else deliver(frame);
  });
  let failure: AppError | undefined;
  const broken = (message: string) => () => {
    failure = new AppError('bridge.not-ours', message);
    fail?.(failure);
  };
  const onData = (chunk: Buffer): void => {
    if (!reader.feed(chunk)) broken('the answer is too long')();
  };
  const onClose = broken('the connection was closed during the proof');
  const timer = setTimeout(broken('the proof took too long'), timeoutMs);
  socket.on('data', onData);
  socket.once('close', onClose);
  socket.on('error', () => {});
  const stop = (): void => {
    clearTimeout(timer);
    socket.pause();
    socket.off('data', onData);
    socket.off('close', onClose);
  };
  return {
    next: () =>
      new Promise<Frame>((resolve, reject) => {
        const first = arrived.shift();
        if (first !== undefined) return resolve(first);
        if (failure !== undefined) return reject(failure);
        deliver = (frame) => {
          deliver = undefined;
          resolve(frame);
        };
        fail = (error) => {
          stop();
          reject(error);
        };
      }),
    stop,
  };
}

function readFrame(line: Uint8Array): Frame {
  try {
    const value: unknown = JSON.parse(Buffer.from(line).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Frame) : {};
  } catch {
    return {};
  }
}
