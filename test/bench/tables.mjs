/** What a person reads of a benchmark. */

/**
 * One measured number, what it aims at, and what it may never be worse than; `isLeast`: more is better.
 * @typedef {{ value: number, unit: string, target?: number, limit?: number, isLeast?: true, note?: string }} Figure
 */

/** @param {number | undefined} value @param {number} digits */
const fixed = (value, digits) => (value === undefined ? '–' : value.toFixed(digits));

/** @param {number} value */
const short = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3));

/** @param {readonly (readonly string[])[]} rows the first is the head */
function printTable(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(cells.join('  '));
  }
}

/** @param {Awaited<ReturnType<typeof import('./gateways.mjs').benchGateways>>} result */
export function printGateways({ rows, missing, readyAfterMs }) {
  console.log('\nAn allowed read of 32 bytes, milliseconds; added = over the direct way named');
  printTable([
    ['target', 'p50', 'p99', 'added p50', 'added p99', '32 conns/s', 'of direct HTTP', 'direct way'],
    ...rows.map((row) => [
      row.name,
      fixed(row.p50Ms, 3),
      fixed(row.p99Ms, 3),
      row.name === row.over ? '' : fixed(row.addedP50Ms, 3),
      row.name === row.over ? '' : fixed(row.addedP99Ms, 3),
      fixed(row.perSecond, 0),
      fixed(row.shareOfDirect, 2),
      row.name === row.over ? '' : row.over,
    ]),
  ]);
  for (const { name, failure } of rows) if (failure !== undefined) console.log(`${name}: given up: ${failure}`);
  for (const { name, reason } of missing) console.log(`${name}: not measured: ${reason}`);
  console.log(`started and ready to be called after ${fixed(readyAfterMs, 0)} ms`);
}

/** @template {Record<string, Figure>} T @param {string} title @param {T} numbers @returns {T} */
export function printNumbers(title, numbers) {
  console.log(`\n${title}`);
  printTable([
    ['what', 'measured', 'target', 'never worse than', ''],
    ...Object.entries(numbers).map(([what, { value, unit, target, limit, isLeast, note }]) => [
      what,
      `${short(value)} ${unit}`,
      target === undefined ? '' : `${isLeast ? '≥' : '≤'} ${Number(short(target))} ${unit}`,
      limit === undefined ? '' : `${Number(short(limit))} ${unit}`,
      note ?? '',
    ]),
  ]);
  return numbers;
}
