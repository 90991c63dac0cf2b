/**
 * Runs patterns of hostile schemas (MC-16). A pattern that can only take linear time runs directly; every other one
 * runs under a time limit that ends it in the middle of a match. Compiled once.
 */
import { createContext, Script } from 'node:vm';
import type { MatchPattern } from '../core/catalogue/schema-keywords.ts';

const TIME_LIMIT_MS = 15;
const MAX_PATTERN = 2_000;
const MAX_CACHED = 1_000;

type Compiled = { readonly expression: RegExp; readonly isCheap: boolean } | undefined;

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
    if (found.isCheap) return found.expression.test(text);
    sandbox.expression = found.expression;
    sandbox.text = text;
    try {
      return script.runInContext(context, { timeout: TIME_LIMIT_MS }) === true;
    } catch {
      return undefined;
    }
  };
}

function compile(pattern: string): Compiled {
  if (pattern.length > MAX_PATTERN) return undefined;
  for (const flags of ['u', ''])
    try {
      return { expression: new RegExp(pattern, flags), isCheap: isCheap(pattern) };
    } catch {
      // JSON Schema asks for the u flag; many authors never tried theirs with it.
    }
  return undefined;
}

/**
 * Anchored at its start, without groups that repeat, look around or refer back, and with at most one quantifier that
 * has no upper end: such a pattern looks at each character a bounded number of times.
 */
function isCheap(pattern: string): boolean {
  const plain = pattern.replace(/\\./gs, 'e').replace(/\[[^\]]*\]/g, 'c');
  if (!plain.startsWith('^') || /[()|]/.test(plain)) return false;
  const unbounded = plain.match(/[*+]|\{\d+,\}/g)?.length ?? 0;
  const bounds = [...plain.matchAll(/\{\d*,?(\d+)\}/g)].map((match) => Number(match[1]));
  return unbounded <= 1 && bounds.length <= 8 && bounds.every((bound) => bound <= 256) && !plain.includes('?{');
}
