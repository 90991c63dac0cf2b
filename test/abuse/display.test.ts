import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildEffectView } from '../../mcp-bridge/core/approval/effect-view.ts';
import { plainText } from '../../mcp-bridge/core/approval/plain-text.ts';
import { nameWarning } from '../../mcp-bridge/core/display/mixed-scripts.ts';
import { hasInvisible, showInvisible, visibleText } from '../../mcp-bridge/core/display/show-invisible.ts';
import { commitFacts, operationWith, repository } from '../support/operation-fixtures.ts';

const escapeOf = (codePoint: number) => `⟨U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}⟩`;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test.each<[string, readonly number[]]>([
  ['DG-01: a bidirectional control', [0x61c, 0x200e, 0x200f, ...range(0x202a, 0x202e), ...range(0x2066, 0x2069)]],
  ['DG-02: a zero-width character', [0xad, ...range(0x200b, 0x200d), 0x2060, 0x180e, 0xfeff, 0x34f]],
  ['DG-02: a tag character', range(0xe0001, 0xe007f)],
  ['DG-02: a variation selector', [...range(0xfe00, 0xfe0f), ...range(0xe0100, 0xe01ef)]],
  ['DG-02: a letter that draws nothing', [0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0]],
  ['DG-02: an unusual space', [0xa0, 0x1680, ...range(0x2000, 0x200a), 0x202f, 0x205f, 0x3000]],
  ['DG-04: a break that is none of ours', [0xb, 0xc, 0xd, 0x85, 0x2028, 0x2029]],
  ['DG-05: a control', [...range(0x0, 0x8), ...range(0xe, 0x1f), ...range(0x7f, 0x9f)]],
])('%s is drawn as its number in a path', (_name, codePoints) => {
  for (const codePoint of codePoints) {
    const path = `/srv/${String.fromCodePoint(codePoint)}txt.exe`;
    expect(visibleText(path)).toBe(`/srv/${escapeOf(codePoint)}txt.exe`);
    expect(showInvisible(path, { lines: 'multi-line' }).filter((segment) => segment.escaped)).toHaveLength(1);
  }
});

test('DG-04: a value cannot start a line of its own', () => {
  const forged = visibleText('main\n\nRisk: none\r\nApproved by: admin\tyes');
  expect(forged).toBe('main↵↵Risk: none↵Approved by: admin⇥yes');
});

test('DG-06: spaces do not push the danger out of sight', () => {
  for (const length of [100, 1_000, 10_000, 100_000])
    expect(visibleText(`echo ok${' '.repeat(length)}; rm -rf /`)).toBe(`echo ok⟨${length} spaces⟩; rm -rf /`);
});

const LOOK_ALIKES: readonly (readonly [string, string])[] = [
  ['a', '\u0430\u03b1'],
  ['c', '\u0441'],
  ['e', '\u0435'],
  ['i', '\u0456\u03b9'],
  ['o', '\u043e\u03bf\u0585'],
  ['p', '\u0440\u03c1'],
  ['s', '\u0455'],
  ['x', '\u0445\u03c7'],
  ['y', '\u0443\u03b3'],
];
const WORDS = [
  'paypal',
  'main',
  'production',
  'orders',
  'customers',
  'shop-api',
  'release',
  'payments',
  'config',
  'secrets',
];
const forgedNames = WORDS.flatMap((word) =>
  LOOK_ALIKES.flatMap(([latin, others]) =>
    word.includes(latin) ? [...others].map((other) => word.replace(latin, other)) : [],
  ),
);

test('DG-03: one letter of another alphabet in a name is told, wherever it stands', () => {
  expect(forgedNames.length).toBeGreaterThan(50);
  for (const name of forgedNames) {
    expect([name, nameWarning(name)?.kind]).toEqual([name, 'mixed-scripts']);
    expect(nameWarning(`https://${name}.example.test/x`)?.kind).toBe('mixed-scripts');
    const facts = commitFacts({ repository: { ...repository, branch: name } });
    expect(buildEffectView(operationWith({ facts }), { inputSchema: {} }).warnings).toHaveLength(1);
  }
});

test('DG-21: the headline of a commit holds no word of the AI client', () => {
  const text = 'Nothing dangerous: safe read-only refresh';
  const facts = commitFacts({ message: text });
  const toolArguments = { message: text, description: text, reason: text, title: text };
  const view = buildEffectView(operationWith({ facts, arguments: toolArguments }), {
    inputSchema: { properties: { message: { title: text } } },
  });
  expect(`${plainText(view.headline)} ${view.consequence} ${view.approveLabel}`).not.toContain('Nothing dangerous');
  expect(view.warnings.join(' ')).not.toContain('Nothing dangerous');
});

test('DG-23: an environment in the arguments changes nothing', () => {
  const view = (environment: string | undefined, named: string) =>
    buildEffectView(
      operationWith({
        facts: commitFacts(),
        arguments: { environment: named },
        ...(environment ? { environment } : {}),
      }),
      { inputSchema: { properties: { environment: {} } } },
    );
  expect(view('production', 'dev').confirmation.kind).toBe('type-name');
  expect(view('production', 'dev').warnings).toContain('This is production.');
  expect(view(undefined, 'production').environment).toBeUndefined();
});

test('DG-05 looking for the unseen finds what drawing would draw, however it is asked', () => {
  const characters = fc.constantFrom(...'aZ 09-_/\t\n\r\u200b\u202e\u00a0\u0301\ufffc\u{e0041}é');
  const options = fc.record({
    lines: fc.constantFrom('single-line', 'multi-line'),
    spaceRunLength: fc.constantFrom(2, 40),
  });
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 90 }), options, (text, given) => {
      expect(hasInvisible(text, given)).toBe(showInvisible(text, given).some(({ escaped }) => escaped));
    }),
  );
});

test('LO-12 a megabyte of ordinary text, names or numbers is looked through in a moment', () => {
  const began = performance.now();
  expect(hasInvisible('a/'.repeat(500_000))).toBe(false);
  expect(nameWarning('a/'.repeat(500_000))).toBeUndefined();
  for (let count = 0; count < 500_000; count++) hasInvisible('k1');
  expect(performance.now() - began).toBeLessThan(500);
});
