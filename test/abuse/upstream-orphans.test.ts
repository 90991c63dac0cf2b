import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { bundleEntry } from '../support/bundle-entry.ts';
import { eventually, servers } from '../support/upstream-fixture.ts';

/** A bridge of its own process with these servers; resolves with its id and theirs. */
async function startHost(configs: object): Promise<{ readonly host: number; readonly pids: readonly number[] }> {
  const bundle = await bundleEntry('test/support/upstream-host.ts');
  onTestFinished(() => bundle.remove());
  const host = spawn(process.execPath, [bundle.path, JSON.stringify(configs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    host.kill('SIGKILL');
  });
  let text = '';
  host.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await eventually(() => text.includes('\n'), 15_000);
  const { pids } = JSON.parse(text) as { pids: number[] };
  expect(pids.map(isAlive)).toEqual(pids.map(() => true));
  return { host: host.pid ?? 0, pids };
}

test('LO-19: kill -9 of the bridge leaves no upstream after five seconds, not even a stubborn one', async () => {
  const configs = { plain: servers.evil('--mode', 'plain'), stubborn: servers.evil('--mode', 'stubborn') };
  const { host, pids } = await startHost(configs);
  process.kill(host, 'SIGKILL');
  await eventually(() => pids.every((pid) => !isAlive(pid)), 5_000);
});

test.runIf(process.platform === 'linux')('LO-19: nor does it after somebody killed the guardian', async () => {
  const { host, pids } = await startHost({ stubborn: servers.evil('--mode', 'stubborn') });
  const guardian = () => childrenOf(host).find((pid) => !pids.includes(pid));
  const first = await eventually(guardian);
  process.kill(first, 'SIGKILL');
  await eventually(() => guardian() !== undefined && guardian() !== first);
  process.kill(host, 'SIGKILL');
  await eventually(() => pids.every((pid) => !isAlive(pid)), 5_000);
});

function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
