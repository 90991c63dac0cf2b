/**
 * Runs patterns of hostile schemas (MC-16). One that cannot take long on this text runs directly; every other one
 * runs under a time limit that ends it in the middle of a match. Compiled once.
 */
import { createContext, Script } from 'node:vm';
import type { MatchPattern } from '../core/catalogue/schema-keywords.ts';

/** Far more than an honest pattern needs, even on a busy machine. */
const TIME_LIMIT_MS = 50;
/** About a millisecond of matching. */
const MAX_STEPS = 1_000_000;
const MAX_PATTERN = 2_000;
const MAX_CACHED = 1_000;

type Bound = { readonly factor: number; readonly power: number };
type Compiled = { readonly expression: RegExp; readonly bound: Bound | undefined } | undefined;

/** Undefined: not a pattern, or not decided within the limit. One of these per process is enough. */
export function createMatchPattern(): MatchPattern {
  const compiled = new Map<string, Compiled>();
  const sandbox: { expression?: RegExp; text?: string } = Object.create(null) as object;
  const context = createContext(sandbox);
  const script = new Script('expression.test(text)');
  return (pattern, text) => {
    if (!compiled.has(pattern)) {
      if (compiled.size >= MAX_CACHED) compiled.clear();
      compiled.set(pattern, compile(pattern));
    }
    const found = compiled.get(pattern);
    if (found === undefined) return undefined;
    const { bound, expression } = found;
    if (bound !== undefined && bound.factor * text.length ** bound.power <= MAX_STEPS) return expression.test(text);
    sandbox.expression = expression;
    sandbox.text = text;
    try {
      return script.runInContext(context, { timeout: TIME_LIMIT_MS }) === true;
    } catch {
      return undefined;
    }
  };
}

/** The same with a limit on all patterns together: a schema may hold thousands of them, each just fast enough (MC-16). */
export function withinTime(matches: MatchPattern, budgetMs: number): MatchPattern {
  let spentMs = 0;
  return (pattern, text) => {
    if (spentMs > budgetMs) return undefined;
    const startedMs = performance.now();
    const matched = matches(pattern, text);
    spentMs += performance.now() - startedMs;
    return matched;
  };
}

function compile(pattern: string): Compiled {
  if (pattern.length > MAX_PATTERN) return undefined;
  for (const flags of ['u', ''])
    try {
      return { expression: new RegExp(pattern, flags), bound: boundOf(pattern) };
    } catch {
      // JSON Schema asks for the u flag; many authors never tried theirs with it.
    }
  return undefined;
}

/**
 * An upper bound of the ways in which a backtracking engine can try the pattern, as `factor × length ** power`.
 * Undefined where there is none that is worth knowing: repeated groups, look-around, references back.
 */
function boundOf(pattern: string): Bound | undefined {
  const plain = pattern
    .replace(/\\[1-9k]/g, '(?=')
    .replace(/\\./gs, 'e')
    .replace(/\[(?:[^\]])*\]/g, 'c');
  if (/\(\?[^:]|\)[*+{]|\{[^}]*[^\d,}]/.test(plain)) return undefined;
  const ranges = [...plain.matchAll(/\{(\d*)(,?)(\d*)\}/g)];
  const bounded = ranges.filter(([, , comma, most]) => comma === ',' && most !== '');
  const choices = bounded.map(([, least, , most]) => Number(most) - Number(least) + 1);
  const optional = plain.match(/\?(?!:)/g)?.length ?? 0;
  const bars = plain.match(/\|/g)?.length ?? 0;
  const unbounded =
    (plain.match(/[*+]/g)?.length ?? 0) + ranges.filter(([, , comma, most]) => comma === ',' && most === '').length;
  const isAnchored = plain.startsWith('^') && bars === 0;
  return {
    factor: choices.reduce((product, each) => product * each, 2 ** (optional + bars)),
    power: unbounded + (isAnchored ? 0 : 1),
  };
}
