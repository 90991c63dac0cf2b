/**
 * One set-up at a time. The lock is a listening local socket, because the kernel lets go of it when its holder dies:
 * a killed set-up leaves nothing behind that the next one would have to judge stale.
 */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './say.mjs';

/** @param {string} key what is locked; two keys never wait for each other */
function lockAddress(key) {
  const user = process.getuid?.() ?? process.env['USERNAME'] ?? '';
  const name = `countersign-${createHash('sha256').update(`${user}\n${key}`).digest('hex').slice(0, 24)}`;
  if (process.platform === 'linux') return `\0${name}`; // abstract: no file at all
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return join(tmpdir(), `${name}.sock`);
}

/**
 * @param {string} address
 * @returns {Promise<import('node:net').Server | undefined>} undefined when another process holds it
 */
function tryLock(address) {
  return new Promise((resolve, reject) => {
    const holder = createServer((socket) => socket.destroy());
    holder.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    holder.listen(address, () => {
      holder.unref();
      resolve(holder);
    });
  });
}

/**
 * Where sockets are files, a dead holder leaves one that nobody answers.
 * @param {string} address
 * @returns {Promise<void>}
 */
function removeIfDead(address) {
  if (process.platform === 'linux' || process.platform === 'win32') return Promise.resolve();
  return new Promise((resolve) => {
    const probe = connect(address);
    probe.once('connect', () => {
      probe.destroy();
      resolve();
    });
    probe.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'ECONNREFUSED') rmSync(address, { force: true });
      resolve();
    });
  });
}

/**
 * @template T
 * @param {string} key
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(key, work) {
  const address = lockAddress(key);
  let holder = await tryLock(address);
  if (!holder) say('• Another set-up is at work here; waiting for it …');
  while (!holder) {
    await removeIfDead(address);
    await sleep(200);
    holder = await tryLock(address);
  }
  try {
    return await work();
  } finally {
    holder.close();
  }
}
