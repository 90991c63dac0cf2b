/**
 * What only the text of a JSON document tells: how deep it nests, how many names it has, how its numbers are written.
 *
 * Works on text that may still be malformed (`outlineOf`) and on text that JSON.parse accepted (`findNumberProblem`);
 * both walk it once and jump over strings.
 */
const quote = 0x22;
const backslash = 0x5c;

export type JsonOutline = {
  readonly tooDeep: boolean;
  /** Colons outside strings: one for each name of each object. */
  readonly names: number;
  readonly hasUnicodeEscape: boolean;
};

export function outlineOf(text: string, maxDepth: number): JsonOutline {
  let depth = 0;
  let names = 0;
  for (let position = 0; position < text.length; position++) {
    switch (text.charCodeAt(position)) {
      case quote:
        position = endOfString(text, position);
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > maxDepth) return { tooDeep: true, names, hasUnicodeEscape: false };
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      case 0x3a: // :
        names++;
        break;
    }
  }
  return { tooDeep: false, names, hasUnicodeEscape: text.includes('\\u') };
}

/** Position of the closing quote, or the end of the text when there is none. */
function endOfString(text: string, openingQuote: number): number {
  let position = openingQuote;
  for (;;) {
    position = text.indexOf('"', position + 1);
    if (position === -1) return text.length;
    let first = position;
    while (text.charCodeAt(first - 1) === backslash && first - 1 > openingQuote) first--;
    if ((position - first) % 2 === 0) return position;
  }
}

const numberAt = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * A whole number is refused when a double cannot tell it from its neighbour. One written with a fraction or an exponent
 * may be large, as `1e22` is, as long as no digit is lost.
 *
 * @param text accepted by JSON.parse
 */
export function findNumberProblem(text: string): 'number-out-of-range' | 'number-loses-precision' | undefined {
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (code === quote) {
      position = endOfString(text, position);
      continue;
    }
    if (code !== 0x2d && (code < 0x30 || code > 0x39)) continue;
    numberAt.lastIndex = position;
    const literal = numberAt.exec(text)?.[0] ?? '0';
    position += literal.length - 1;
    const value = Number(literal);
    if (!Number.isFinite(value)) return 'number-out-of-range';
    if (Number.isInteger(value) && !Number.isSafeInteger(value) && !isExact(literal, value)) {
      return 'number-loses-precision';
    }
  }
  return undefined;
}

function isExact(literal: string, value: number): boolean {
  return /[.eE]/.test(literal) && significantDigits(literal) === significantDigits(String(value));
}

/** Digits without sign, point, exponent and the zeros at either end: equal for equal decimal fractions of one size. */
function significantDigits(literal: string): string {
  const mantissa = literal.replace(/[eE].*$/, '').replace(/[-.]/g, '');
  return mantissa.replace(/^0+/, '').replace(/0+$/, '');
}
