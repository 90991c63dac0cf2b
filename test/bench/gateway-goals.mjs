/** What an allowed read aims at, against the best other gateway of the same run. */

/** @typedef {Awaited<ReturnType<typeof import('./gateways.mjs').benchGateways>>['rows'][number]} Row */
/** @typedef {import('./tables.mjs').Figure} Figure */

/** @param {readonly Row[]} rows @param {(row: Row) => number | undefined} of */
function values(rows, of) {
  return rows.flatMap((row) => {
    const value = of(row);
    return value !== undefined && Number.isFinite(value) && value > 0 ? [value] : [];
  });
}

/** The best of the others, or nothing when none was measured. @param {readonly number[]} found @param {'least' | 'most'} which */
function best(found, which) {
  if (found.length === 0) return undefined;
  return which === 'least' ? Math.min(...found) : Math.max(...found);
}

/** @param {number | undefined} value @param {number} times */
const timesOf = (value, times) => (value === undefined ? undefined : value * times);

/** @param {number} value @param {number | undefined} other @param {string} what */
const beside = (value, other, what) =>
  other === undefined
    ? `no other gateway measured`
    : `${(value / other).toFixed(2)} × the best other ${what}`.trimEnd();

/** Leaves out what is undefined. @param {Record<string, unknown>} figure @returns {Figure} */
const given = (figure) =>
  /** @type {Figure} */ (Object.fromEntries(Object.entries(figure).filter(([, value]) => value !== undefined)));

/** @param {readonly Row[]} rows @returns {Record<string, Figure>} */
export function gatewayGoals(rows) {
  const named = (/** @type {string} */ name) => rows.find((row) => row.name === `Countersign ${name}`);
  const [http, shim] = [named('HTTP → HTTP'), named('shim → HTTP')];
  if (http === undefined || shim === undefined) return {};
  const others = rows.filter(({ name, over }) => name !== over && !name.startsWith('Countersign '));
  const p50 = best(
    values(others, (row) => row.addedP50Ms),
    'least',
  );
  const p99 = best(
    values(others, (row) => row.addedP99Ms),
    'least',
  );
  const perSecond = best(
    values(others, (row) => row.perSecond),
    'most',
  );
  const share = (http.shareOfDirect ?? Number.NaN) * 100;
  return {
    'HTTP → HTTP, added p50': {
      value: http.addedP50Ms,
      unit: 'ms',
      target: Math.min(0.3, timesOf(p50, 0.5) ?? 0.3),
      limit: 0.4,
      note: beside(http.addedP50Ms, p50, '(half of it is the aim)'),
    },
    'HTTP → HTTP, added p99': given({
      value: http.addedP99Ms,
      unit: 'ms',
      target: timesOf(p99, 0.6),
      limit: timesOf(p99, 0.8),
      note: beside(http.addedP99Ms, p99, ''),
    }),
    '32 connections, of direct': { value: share, unit: '%', target: 40, isLeast: true },
    '32 connections, calls a second': given({
      value: http.perSecond ?? Number.NaN,
      unit: '/s',
      limit: timesOf(perSecond, 1.7),
      isLeast: true,
      note: beside(http.perSecond ?? Number.NaN, perSecond, ''),
    }),
    'shim → HTTP, added p50': { value: shim.addedP50Ms, unit: 'ms', target: 0.35, limit: 0.45 },
  };
}
