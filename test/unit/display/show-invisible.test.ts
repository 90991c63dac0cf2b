import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameWarning } from '../../../mcp-bridge/core/display/mixed-scripts.ts';
import { hasInvisible, showInvisible, visibleText } from '../../../mcp-bridge/core/display/show-invisible.ts';

test.each([
  ['a right-to-left override is an escape', 'a\u202eb', 'single-line', 'a⟨U+202E⟩b'],
  [
    'every isolate and mark of Bidi_Control is an escape',
    '\u2066\u061c\u200f',
    'single-line',
    '⟨U+2066⟩⟨U+061C⟩⟨U+200F⟩',
  ],
  ['zero-width and soft hyphen show', 'pa\u200by\u00adpal\ufeff', 'single-line', 'pa⟨U+200B⟩y⟨U+00AD⟩pal⟨U+FEFF⟩'],
  ['tag characters show', 'ok\u{e0041}', 'single-line', 'ok⟨U+E0041⟩'],
  ['letters that draw nothing show', '\u3164\u2800\uffa0', 'single-line', '⟨U+3164⟩⟨U+2800⟩⟨U+FFA0⟩'],
  ['unusual spaces show, the ordinary one does not', 'a b\u00a0c\u2003', 'single-line', 'a b⟨U+00A0⟩c⟨U+2003⟩'],
  ['terminal escapes and backspace show', '\u001b[31m\u0008', 'single-line', '⟨U+001B⟩[31m⟨U+0008⟩'],
  ['breaks and tabs are drawn in one line', 'a\nb\r\nc\td', 'single-line', 'a↵b↵c⇥d'],
  ['breaks and tabs stay in several lines', 'a\nb\r\nc\td', 'multi-line', 'a\nb\nc\td'],
  [
    'a lone CR, NEL, VT and line separators never break',
    '\r\u0085\u000b\u2028\u2029',
    'multi-line',
    '⟨U+000D⟩⟨U+0085⟩⟨U+000B⟩⟨U+2028⟩⟨U+2029⟩',
  ],
  ['a lone surrogate shows', 'a\ud800b', 'single-line', 'a⟨U+D800⟩b'],
  ['a tower of marks is cut at four', `e${'\u0301'.repeat(5)}`, 'single-line', `e${'\u0301'.repeat(4)}⟨U+0301⟩`],
  [
    'ten thousand spaces are told as a number',
    `a${' '.repeat(10_000)}; rm -rf`,
    'single-line',
    'a⟨10000 spaces⟩; rm -rf',
  ],
  ['letters of any alphabet stay as they are', 'héllo שלום 日本語 naïve', 'single-line', 'héllo שלום 日本語 naïve'],
] as const)('%s', (_name, text, lines, expected) => expect(visibleText(text, { lines })).toBe(expected));

const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

test('no assigned code point that cannot be seen gets through', () => {
  const leaks: string[] = [];
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
    const character = String.fromCodePoint(codePoint);
    if (unseen.test(character) && unseen.test(visibleText(character))) leaks.push(codePoint.toString(16));
  }
  expect(leaks).toEqual([]);
});

test('plain segments give back the text, in order', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const segments = showInvisible(text, { lines: 'single-line' });
      let rest = text;
      for (const segment of segments) {
        if (segment.escaped) continue;
        const index = rest.indexOf(segment.text);
        expect(index).toBeGreaterThanOrEqual(0);
        rest = rest.slice(index + segment.text.length);
        expect(hasInvisible(segment.text)).toBe(false);
      }
    }),
  );
});

test('a megabyte of escapes is drawn whole', () => {
  expect(showInvisible('a\u202e'.repeat(500_000), { lines: 'single-line' })).toHaveLength(1_000_000);
});

test.each([
  ['a Cyrillic letter in a Latin host', 'p\u0430ypal.com', 'mixed-scripts'],
  ['a Greek letter in a path', '/srv/d\u03b1ta', 'mixed-scripts'],
  ['a word wholly of look-alikes', '\u0430\u0440\u0440\u04cf\u0435.com', 'look-alike'],
  ['mathematical letters', '𝐦𝐚𝐢𝐧', 'compatibility'],
  ['full-width letters', 'ｍain', 'compatibility'],
  ['a Russian word', 'главная', undefined],
  ['a Greek word beside a Latin one', 'docs/Ελλάδα', undefined],
  ['accents', 'Müller/naïve', undefined],
  ['Japanese with Latin', 'shop日本語', undefined],
] as const)('names: %s', (_name, name, kind) => expect(nameWarning(name)?.kind).toBe(kind));
