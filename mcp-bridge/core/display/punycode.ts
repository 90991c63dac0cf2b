/**
 * Host names as machines read them (DG-03): labels beyond ASCII in the form of RFC 3492 behind `xn--`, after the
 * compatibility mapping that browsers apply (UTS 46, in a light form: NFKC, lower case, ideographic full stops).
 */
export function asciiHost(host: string): string {
  return host
    .replace(/[\u3002\uff0e\uff61]/g, '.')
    .normalize('NFKC')
    .toLowerCase()
    .split('.')
    .map((label) => (/^[\0-\x7f]*$/.test(label) || label.length > LONGEST_LABEL ? label : `xn--${encode([...label])}`))
    .join('.');
}

// RFC 3492 §5.
const [BASE, T_MIN, T_MAX, SKEW, DAMP, INITIAL_BIAS, INITIAL_N] = [36, 1, 26, 38, 700, 72, 128];

/** RFC 1035 §2.3.4. A longer label is left as it is: no name server knows it, and the encoding is quadratic. */
const LONGEST_LABEL = 63;

/** RFC 3492 §6.3. */
function encode(letters: readonly string[]): string {
  const codes = letters.map((letter) => letter.codePointAt(0) ?? 0);
  const basic = codes.filter((code) => code < INITIAL_N);
  let output = basic.map((code) => String.fromCharCode(code)).join('') + (basic.length > 0 ? '-' : '');
  let [n, delta, bias, handled] = [INITIAL_N, 0, INITIAL_BIAS, basic.length];
  while (handled < codes.length) {
    const next = Math.min(...codes.filter((code) => code >= n));
    delta += (next - n) * (handled + 1);
    n = next;
    for (const code of codes) {
      if (code < n) delta += 1;
      if (code !== n) continue;
      output += variableLength(delta, bias);
      bias = adapted(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled += 1;
    }
    delta += 1;
    n += 1;
  }
  return output;
}

function variableLength(delta: number, bias: number): string {
  let output = '';
  let rest = delta;
  for (let k = BASE; ; k += BASE) {
    const threshold = Math.min(T_MAX, Math.max(T_MIN, k - bias));
    if (rest < threshold) return output + digit(rest);
    output += digit(threshold + ((rest - threshold) % (BASE - threshold)));
    rest = Math.floor((rest - threshold) / (BASE - threshold));
  }
}

/** RFC 3492 §6.1. */
function adapted(delta: number, points: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2));
  rest += Math.floor(rest / points);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}

function digit(value: number): string {
  return String.fromCharCode(value < 26 ? 97 + value : 22 + value);
}
