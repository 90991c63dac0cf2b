/**
 * The forms in which a known secret may come back: as it is, escaped in JSON, percent-encoded, in hexadecimal, and in
 * base64 or base64url at any of the three alignments inside a longer text. Other encodings (compressed, encrypted,
 * reversed, wrapped over lines) are not recognised.
 */
const MIN_LENGTH = 8;

/** Empty for secrets under eight characters: they would be found everywhere. */
export function secretForms(secret: string): readonly string[] {
  if (secret.length < MIN_LENGTH) return [];
  const bytes = utf8(secret);
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const percent = bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const uri = encodeURIComponent(wellFormed(secret));
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    uri,
    uri.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
    uri.replaceAll('%20', '+'),
    percent,
    percent.toUpperCase(),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => {
      const form = base64At(bytes, offset);
      return [form, form.replaceAll('+', '-').replaceAll('/', '_')];
    }),
  ];
  return [...new Set(forms)].filter((form) => form.length >= MIN_LENGTH);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The characters of the base64 of a longer text that depend on these bytes alone, when they begin `offset` bytes into a triple. */
function base64At(bytes: readonly number[], offset: number): string {
  const bits = bytes.length * 8;
  const firstBit = (6 - ((offset * 8) % 6)) % 6;
  let form = '';
  for (let bit = firstBit; bit + 6 <= bits; bit += 6) {
    const index = bit >> 3;
    const pair = ((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0);
    form += ALPHABET[(pair >> (10 - (bit & 7))) & 63];
  }
  return form;
}

function utf8(text: string): readonly number[] {
  const encoded = encodeURIComponent(wellFormed(text));
  const bytes: number[] = [];
  for (let index = 0; index < encoded.length; index++) {
    const isEscape = encoded[index] === '%';
    bytes.push(isEscape ? Number.parseInt(encoded.slice(index + 1, index + 3), 16) : encoded.charCodeAt(index));
    if (isEscape) index += 2;
  }
  return bytes;
}

function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
