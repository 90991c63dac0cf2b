/**
 * JSON as RFC 8259 has it, for bytes that an attacker wrote: UTF-8 without error, each member name once in an object,
 * a depth that cannot exhaust the stack. A second `"iss"` would otherwise mean one thing here and another elsewhere.
 *
 * @throws SyntaxError, RangeError or TypeError; the text is never part of the message
 */
const deepest = 16;

export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const value: unknown = parseWithoutEcho(text);
  refuseRepeatedNames(text);
  return value;
}

function parseWithoutEcho(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError('not JSON'); // the engine's own message quotes the text
  }
}

/** Runs over text that JSON.parse has accepted, so it need only know strings, braces and brackets. */
function refuseRepeatedNames(text: string): void {
  const open: (Set<string> | undefined)[] = []; // a set of names for an object, undefined for an array
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const piece = match[0];
    if (piece === '{' || piece === '[') {
      open.push(piece === '{' ? new Set() : undefined);
      if (open.length > deepest) throw new RangeError('too deep');
    } else if (piece === '}' || piece === ']') {
      open.pop();
    } else if (isName(text, tokens.lastIndex)) {
      const name = JSON.parse(piece) as string; // "\u0069ss" is "iss"
      const names = open.at(-1);
      if (names?.has(name)) throw new SyntaxError('a member name is repeated');
      names?.add(name);
    }
  }
}

function isName(text: string, after: number): boolean {
  let index = after;
  while (' \t\r\n'.includes(text[index] ?? 'x')) index += 1;
  return text[index] === ':';
}
