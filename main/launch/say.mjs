/**
 * What set-up tells the person at the terminal: one line per thing it does, and a sign of life while a long thing runs.
 */

/** A failure that set-up can explain. The message names the cause and the mend; no stack trace is shown for it. */
export class SetUpError extends Error {
  /** @override */
  name = 'SetUpError';
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** @param {string} line */
export function warn(line) {
  process.stderr.write(`! ${line}\n`);
}

/**
 * Runs `work` and says how long it took; every ten seconds it says that it still runs.
 * @template T
 * @param {string} title what is being done, in words a user understands
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const startedAtMs = Date.now();
  const elapsed = () => `${Math.round((Date.now() - startedAtMs) / 1000)} s`;
  say(`• ${title} …`);
  const timer = setInterval(() => say(`  … ${title}: ${elapsed()}`), 10_000);
  try {
    const result = await work();
    say(`✓ ${title} (${elapsed()})`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

/**
 * The last resort of every entry of this folder: an explained failure is printed as it is, anything else with its stack.
 * @param {unknown} error
 * @returns {never}
 */
export function fail(error) {
  if (error instanceof SetUpError) process.stderr.write(`\n✗ ${error.message}\n`);
  else process.stderr.write(`\n✗ ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
