/**
 * Starts the app for an AI client that was told to, and waits for its bridge.
 *
 * What is started stands in a private file that the app itself wrote: an absolute command and its arguments, run
 * without a shell. Nothing an AI client says has any part in it.
 */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { isAbsolute, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../core/errors.ts';
import { readPrivateFile, writePrivateFile } from './private-files.ts';
import { connectToBridge, type ShimTarget } from './shim-connect.ts';

export type LaunchCommand = { readonly command: string; readonly args: readonly string[] };

const startTimeoutMs = 20_000;
const pollMs = 200;

/** For the app: how it is started. */
export function writeLaunchCommand(dataDir: string, { command, args }: LaunchCommand): void {
  writePrivateFile(launchPath(dataDir), JSON.stringify({ command, args }));
}

/** @throws AppError as `connectToBridge` */
export async function connectOrStart(startApp: boolean, dataDir: string, target: ShimTarget): Promise<Socket> {
  try {
    return await connectToBridge(target);
  } catch (error) {
    if (!startApp || !isNotRunning(error)) throw error;
    start(readLaunchCommand(dataDir));
  }
  const deadline = performance.now() + startTimeoutMs;
  for (;;) {
    await delay(pollMs);
    try {
      return await connectToBridge(target);
    } catch (error) {
      if (!isNotRunning(error) || performance.now() > deadline) throw error;
    }
  }
}

function isNotRunning(error: unknown): boolean {
  return error instanceof AppError && error.code === 'bridge.not-running';
}

function start({ command, args }: LaunchCommand): void {
  const child = spawn(command, args, { detached: true, stdio: 'ignore', shell: false });
  child.on('error', () => {});
  child.unref();
}

function readLaunchCommand(dataDir: string): LaunchCommand {
  try {
    const { command, args }: Partial<LaunchCommand> = JSON.parse(readPrivateFile(launchPath(dataDir)));
    if (typeof command === 'string' && isAbsolute(command) && args?.every((value) => typeof value === 'string')) {
      return { command, args };
    }
  } catch (cause) {
    throw new AppError('bridge.not-running', 'and how to start it is not known here', { cause });
  }
  throw new AppError('bridge.not-running', 'and how to start it is not an absolute command');
}

function launchPath(dataDir: string): string {
  return join(dataDir, 'launch.json');
}
