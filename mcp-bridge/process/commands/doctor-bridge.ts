/** Is our own bridge there? Asked the way the shim asks: by a proof over the socket, never by what a port says. */
import { connect } from 'node:net';
import { AppError } from '../../core/errors.ts';
import { socketPathOf } from '../../inbound/data-dir.ts';
import { readClientKey } from '../../inbound/private-files.ts';
import { connectToBridge } from '../../inbound/shim-connect.ts';
import { pairedIds } from './connect.ts';
import type { Check, KnownSettings } from './doctor-checks.ts';

const proofTimeoutMs = 3_000;
const portTimeoutMs = 1_000;

/** @param port undefined when nothing says which: then it is left out */
export async function bridgeChecks(
  dataDir: string,
  settings: KnownSettings | undefined,
  port: number | undefined,
): Promise<readonly Check[]> {
  const bridge = await proof(dataDir, settings);
  return port === undefined || port === 0 ? [bridge] : [bridge, await portCheck(port, bridge.ok)];
}

async function proof(dataDir: string, settings: KnownSettings | undefined): Promise<Check> {
  const name = 'Bridge';
  const candidates = settings?.mcpClients.map(({ mcpClientId }) => mcpClientId) ?? pairedIds(dataDir);
  const known = candidates.flatMap((mcpClientId) => {
    try {
      return [{ mcpClientId, key: readClientKey(dataDir, mcpClientId) }];
    } catch {
      return []; // told by the check of the keys
    }
  });
  const [first] = known;
  if (!first) return { name, ok: false, text: 'cannot be asked without the key of an AI client: pair one first' };
  try {
    const target = { socketPath: socketPathOf(dataDir), ...first, serverId: '', timeoutMs: proofTimeoutMs };
    (await connectToBridge(target)).destroy();
    return { name, ok: true, text: 'running, and it is ours' };
  } catch (error) {
    const text = error instanceof AppError ? `${error.userMessage} (${error.message})` : 'it does not answer';
    return { name, ok: false, text };
  }
}

async function portCheck(port: number, isBridgeThere: boolean): Promise<Check> {
  const name = `Port ${port}`;
  const isTaken = await answers(port);
  if (isBridgeThere) {
    return isTaken
      ? { name, ok: true, text: 'answers' }
      : { name, ok: false, text: 'nothing listens, although the bridge runs: it may use another port' };
  }
  return isTaken
    ? { name, ok: false, text: 'another program holds it: end that, or choose another port' }
    : { name, ok: true, text: 'free for the bridge' };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: portTimeoutMs });
    const done = (taken: boolean) => () => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', done(true));
    socket.once('error', done(false));
    socket.once('timeout', done(false));
  });
}
