/** Starts the demo provider as a child of system Node, reads its ready line, and ends it with us. */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { AppError } from '../../mcp-bridge/core/errors.ts';

const readyLine = z.object({ issuer: z.url(), clientId: z.string(), pid: z.int() });
const readyWithinMs = 20_000;

export type DemoProvider = { readonly issuer: string; readonly oauthClientId: string; stop(): void };

export async function startDemoProvider(entry: string, stateFolder: string): Promise<DemoProvider> {
  const child = spawn(systemNode(), [entry, '--state', stateFolder], {
    stdio: ['pipe', 'pipe', 'inherit'], // standard input stays open as long as we live: its end is the child's end
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NODE_NO_WARNINGS: '1' },
  });
  try {
    const { issuer, clientId } = readyLine.parse(JSON.parse(await firstLine(child)));
    return { issuer, oauthClientId: clientId, stop: () => void child.kill() };
  } catch (cause) {
    child.kill();
    throw new AppError('identity.sign-in-failed', 'the demo provider did not become ready', { cause });
  }
}

/** oidc-provider needs a newer Node than the one inside the oldest Electron this runs on. */
function systemNode(): string {
  if (process.versions['electron'] === undefined) return process.execPath;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const found = folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
  if (!found)
    throw new AppError('identity.sign-in-failed', 'there is no `node` on the PATH to run the demo provider with');
  return found;
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('not ready in time')), readyWithinMs);
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    child.once('error', (error) => done(() => reject(error)));
    child.once('exit', () => done(() => reject(new Error('it ended'))));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', (line) => done(() => resolve(line)));
  });
}
