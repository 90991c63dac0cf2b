/** Numbers out of calls. Targets are measured in turns, a few calls each, so that a busy moment hits all of them alike. */
import { within } from './programs.mjs';

/** @typedef {import('./callers.mjs').Caller} Caller */

const text = '0123456789abcdef0123456789abcdef';

/** @param {readonly number[]} values @param {number} share 0.5 is the median */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** @param {readonly number[]} values */
export const median = (values) => quantile(values, 0.5);

/** @param {Caller} caller @param {string} tool @param {number} calls @returns {Promise<number[]>} milliseconds each */
export async function timeCalls(caller, tool, calls) {
  const times = [];
  for (let call = 0; call < calls; call += 1) {
    const startedMs = performance.now();
    await caller.call(tool, text);
    times.push(performance.now() - startedMs);
  }
  return times;
}

/** @param {readonly Caller[]} callers @param {string} tool @param {number} calls in all @returns {Promise<number>} calls a second */
export async function throughput(callers, tool, calls) {
  let left = calls;
  const startedMs = performance.now();
  await Promise.all(
    callers.map(async (caller) => {
      while (left-- > 0) await caller.call(tool, text);
    }),
  );
  return (calls / (performance.now() - startedMs)) * 1000;
}

/**
 * @typedef {{ name: string, tool: string, over: string, open(): Promise<Caller>, connections: number }} Target
 *   over: the direct way it is compared with (its own name for a direct one)
 * @typedef {{ name: string, over: string, failure: string | undefined, p50Ms: number, p99Ms: number,
 *   perSecond: number | undefined }} Measured failure: why it was given up in the middle; the numbers are of before
 * @typedef {{ rounds: number, calls: number, burst: number }} Effort calls: one after the other; burst: over all connections
 * @param {readonly Target[]} targets @param {Effort} effort @returns {Promise<Measured[]>}
 */
export async function measureInTurns(targets, effort) {
  const turns = targets.map((target) => new Turn(target));
  // Round -1 warms up: connections, compiled code, caches.
  for (let round = -1; round < effort.rounds; round += 1) for (const turn of turns) await turn.take(effort, round >= 0);
  for (const turn of turns) turn.close();
  return turns.map((turn) => turn.measured());
}

class Turn {
  /** @type {Caller[]} */
  #callers = [];
  /** @type {number[]} */
  #p50s = [];
  /** @type {number[]} */
  #all = [];
  /** @type {number[]} */
  #rates = [];
  /** @type {string | undefined} */
  #failure;

  /** @param {Target} target */
  constructor(target) {
    this.target = target;
  }

  /** @param {Effort} effort @param {boolean} counts */
  async take({ calls, burst }, counts) {
    if (this.#failure !== undefined) return;
    const { name, tool } = this.target;
    try {
      const first = this.#callers[0] ?? (await within(`${name}, opening`, 15_000, this.#open()));
      const times = await within(`${name}, ${calls} calls`, 60_000, timeCalls(first, tool, calls));
      const rate = await within(`${name}, ${burst} calls at once`, 60_000, this.#throughput(burst));
      if (!counts) return;
      this.#p50s.push(median(times));
      this.#all.push(...times);
      if (rate !== undefined) this.#rates.push(rate);
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
    }
  }

  /** @returns {Promise<Caller>} the first of them */
  async #open() {
    const first = await this.target.open();
    this.#callers.push(first);
    while (this.#callers.length < this.target.connections) this.#callers.push(await this.target.open());
    return first;
  }

  /** @param {number} burst */
  async #throughput(burst) {
    return this.target.connections > 1 ? throughput(this.#callers, this.target.tool, burst) : undefined;
  }

  close() {
    for (const caller of this.#callers) caller.close();
  }

  /** @returns {Measured} */
  measured() {
    return {
      name: this.target.name,
      over: this.target.over,
      failure: this.#failure,
      p50Ms: median(this.#p50s),
      p99Ms: quantile(this.#all, 0.99),
      perSecond: this.#rates.length === 0 ? undefined : median(this.#rates),
    };
  }
}
