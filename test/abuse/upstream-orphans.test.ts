import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { bundleEntry } from '../support/bundle-entry.ts';
import { eventually, servers } from '../support/upstream-fixture.ts';

test('LO-19: kill -9 of the bridge leaves no upstream after five seconds, not even a stubborn one', async () => {
  const bundle = await bundleEntry('test/support/upstream-host.ts');
  onTestFinished(() => bundle.remove());
  const configs = { plain: servers.evil('--mode', 'plain'), stubborn: servers.evil('--mode', 'stubborn') };
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
  expect(pids.map(isAlive)).toEqual([true, true]);
  host.kill('SIGKILL');
  await eventually(() => pids.every((pid) => !isAlive(pid)), 5_000);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
