/**
 * The stdio shim: what an AI client spawns. Carries MCP messages between its own stdin and stdout and the bridge's
 * socket, both eras alike: the bridge parses, checks and decides. The shim looks for ids only, after a message has passed,
 * so that it can answer what is still open when the bridge has gone.
 *
 * INVARIANT: connects to the bridge's socket and nowhere else. When the bridge is not there, or is not ours, it says so
 * to the AI client and ends with status 1; it never goes around it.
 */

import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { AppError, type ErrorCode } from '../core/errors.ts';
import { dataDirCandidates, socketPathOf } from './data-dir.ts';
import { createLineReader } from './lines.ts';
import { readClientKey } from './private-files.ts';
import { createOpenRequests, type RequestId } from './shim-open-requests.ts';
import { connectOrStart } from './shim-start.ts';
import { isClientId, isServerId } from './socket-proof.ts';

export type StdioShimOptions = {
  readonly mcpClientId: string;
  /** One server with its names unchanged; without it all servers. */
  readonly serverId?: string | undefined;
  readonly dataDir?: string | undefined;
  /** Start the app when it is not running, with the command it left in the data folder, and wait for its bridge. */
  readonly startApp?: boolean | undefined;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly proofTimeoutMs?: number | undefined;
};

/** Ends with the exit status. Nothing but whole messages of the bridge, and JSON-RPC errors, goes to stdout (LO-23). */
export async function runStdioShim(options: StdioShimOptions): Promise<number> {
  let socket: Socket;
  try {
    const { key, dataDir } = findKey(options);
    socket = await connectOrStart(options.startApp ?? false, dataDir, {
      socketPath: socketPathOf(dataDir),
      mcpClientId: options.mcpClientId,
      serverId: options.serverId ?? '',
      key,
      timeoutMs: options.proofTimeoutMs ?? 5_000,
    });
  } catch (error) {
    return refuseAll(options, error);
  }
  return forward(options, socket);
}

function findKey({ mcpClientId, serverId, dataDir }: StdioShimOptions): {
  readonly key: string;
  readonly dataDir: string;
} {
  if (!isClientId(mcpClientId) || !isServerId(serverId ?? '')) {
    throw new AppError('usage', 'the client id or server id has characters that no id has');
  }
  let unreadable: unknown;
  for (const candidate of dataDir === undefined ? dataDirCandidates() : [dataDir]) {
    try {
      return { key: readClientKey(candidate, mcpClientId), dataDir: candidate };
    } catch (error) {
      // a key that is there but open to others is a problem to report, not a reason to look elsewhere
      if (error instanceof AppError) throw noKey(error);
      const { code } = error as NodeJS.ErrnoException;
      // a home folder of the environment that is no folder, or somebody else's, says nothing of the next candidate
      if (code !== 'ENOENT' && code !== 'ENOTDIR') unreadable ??= error;
    }
  }
  throw noKey(unreadable ?? new Error(`there is none for ${mcpClientId}`));
}

function noKey(cause: unknown): AppError {
  return new AppError('client.no-usable-key', cause instanceof Error ? cause.message : 'it cannot be read', { cause });
}

/** Resolves when either side ends. */
function forward({ stdin, stdout, stderr }: StdioShimOptions, socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    let endedByMcpClient = false;
    let finished = false;
    const finish = (status: number): void => {
      if (finished) return;
      finished = true;
      stdin.unpipe(socket);
      stdin.pause();
      socket.destroy();
      resolve(status);
    };
    stdin.pipe(socket);
    // after the pipe's own listener, so that a message is on its way before it is looked at
    const open = createOpenRequests();
    stdin.on('data', open.sent);
    stdin.once('end', () => {
      endedByMcpClient = true;
    });
    // the AI client is gone: nobody is left to answer
    stdout.on('error', () => finish(0));
    socket.on('error', () => {});
    forwardWholeLines(socket, stdout, open.received);
    socket.once('close', () => {
      if (!endedByMcpClient) {
        stderr.write(`${line('bridge.not-running', 'the connection to the bridge ended')}\n`);
        for (const id of open.ids()) stdout.write(`${JSON.stringify(unknownOutcome(id))}\n`);
      }
      finish(endedByMcpClient ? 0 : 1);
    });
  });
}

/** SECURITY(AU-09): what was sent may have been carried out, so no AI client is to take silence for a no. */
function unknownOutcome(id: RequestId): object {
  const message =
    'The connection to Countersign ended before it answered. Whether the call was carried out is not known: check before you repeat it.';
  return {
    jsonrpc: '2.0',
    id,
    error: { code: -32000, message, data: { code: 'bridge.not-running', outcome: 'unknown' } },
  };
}

const newline = 0x0a;

/** Holds back what follows the last newline, so that a broken connection leaves no half message behind. */
function forwardWholeLines(socket: Socket, stdout: Writable, forwarded: (lines: Buffer) => void): void {
  let held: Buffer[] = [];
  stdout.on('drain', () => socket.resume());
  socket.resume();
  socket.on('data', (chunk: Buffer) => {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end === 0) {
      held.push(chunk);
      return;
    }
    const whole = held.length === 0 ? chunk.subarray(0, end) : Buffer.concat([...held, chunk.subarray(0, end)]);
    held = end === chunk.length ? [] : [chunk.subarray(end)];
    if (!stdout.write(whole)) socket.pause();
    forwarded(whole);
  });
}

/** How long the requests of an AI client are still answered with the reason, so that it can show it. */
const lingerMs = 300;
const longestWaitMs = 5_000;

/** Answers what the AI client asks with the reason, then ends. */
function refuseAll({ stdin, stdout, stderr }: StdioShimOptions, error: unknown): Promise<number> {
  const code: ErrorCode = error instanceof AppError ? error.code : 'bridge.not-running';
  const reason = line(code, error instanceof Error ? error.message : 'unknown');
  stderr.write(`${reason}\n`);
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      stdin.pause();
      resolve(1);
    };
    let timer = setTimeout(finish, longestWaitMs);
    const reader = createLineReader(4 * 1024 * 1024, (bytes) => {
      const id = requestId(bytes);
      if (id === undefined) return;
      stdout.write(
        `${JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32000, message: reason, data: { code } } })}\n`,
      );
      clearTimeout(timer);
      timer = setTimeout(finish, lingerMs);
    });
    stdout.on('error', finish);
    stdin.on('data', (chunk: Buffer) => {
      if (!reader.feed(chunk)) finish();
    });
    stdin.once('end', finish);
  });
}

function line(code: ErrorCode, detail: string): string {
  return `${code}: ${new AppError(code, detail).userMessage} (${detail})`;
}

function requestId(bytes: Uint8Array): string | number | undefined {
  try {
    const message: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof message !== 'object' || message === null || !('method' in message) || !('id' in message))
      return undefined;
    return typeof message.id === 'string' || typeof message.id === 'number' ? message.id : undefined;
  } catch {
    return undefined;
  }
}
