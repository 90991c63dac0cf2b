import type { Coverage } from '../model/guardrail.ts';

/**
 * Does the coverage reach this name? `*` stands for any run of characters; everything else is literal and
 * case-insensitive for letters A–Z only, so that no locale decides (DG-26). Linear in the name's length per pattern.
 */
export function covers(coverage: Coverage, name: string): boolean {
  if (coverage.kind === 'all') return true;
  const folded = fold(name);
  return coverage.patterns.some((pattern) => matchesPattern(fold(pattern), folded));
}

export function matchesPattern(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name;
  const pieces = pattern.split('*');
  const first = pieces[0] ?? '';
  const last = pieces[pieces.length - 1] ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  const end = name.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = name.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}

function fold(text: string): string {
  // most texts have no capital letter at all, and to see that is much cheaper than to look for each
  return text.toLowerCase() === text ? text : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
