// @ts-check
/** Whatever an AI client started, found by the folder that its environment names and that nobody else knows (Linux). */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** @param {string} pid @param {'environ' | 'cmdline'} file @returns {string} empty when it has ended or is not ours */
function look(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** @param {string} folder @returns {string[]} process ids */
const processesOf = (folder) =>
  readdirSync('/proc').filter((name) => /^\d+$/.test(name) && look(name, 'environ').includes(folder));

/**
 * Gives them a moment to end by themselves, as the children of a program that has just ended do, then ends them.
 * @param {string} folder @param {number} graceMs @returns {Promise<string[]>} the command lines of those that had to be ended
 */
export async function endProcessesOf(folder, graceMs) {
  for (const startedMs = Date.now(); Date.now() - startedMs < graceMs; await sleep(100)) {
    if (processesOf(folder).length === 0) return [];
  }
  /** @type {Map<string, string>} */
  const ended = new Map();
  // More than once: one that is about to end can still start another.
  for (let tries = 0; tries < 50; tries += 1) {
    const left = processesOf(folder);
    if (left.length === 0) break;
    for (const pid of left) {
      if (!ended.has(pid)) ended.set(pid, look(pid, 'cmdline').replaceAll('\0', ' ').trim());
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // ended meanwhile
      }
    }
    await sleep(20);
  }
  return [...ended.values()];
}
