import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiHost } from '../../../mcp-bridge/core/display/punycode.ts';

test.each([
  ['example.com', 'example.com'],
  ['EXAMPLE.com', 'example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['\u0430pple.com', 'xn--pple-43d.com'],
  ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
  ['ｅxample.com', 'example.com'],
  ['😀.example', 'xn--e28h.example'],
  ['[::1]:8080', '[::1]:8080'],
])('%s is %s to a machine', (host, ascii) => expect(asciiHost(host)).toBe(ascii));

test('agrees with WHATWG URL on letters of several alphabets', () => {
  const letter = fc.constantFrom(...'abcxyz019äöüßñçéаеорсухабвгαβγδ日本語中文한국عربي');
  fc.assert(
    fc.property(fc.string({ unit: letter, minLength: 1, maxLength: 20 }), (label) => {
      const host = domainToASCII(`${label}.example`);
      fc.pre(host !== '');
      expect(asciiHost(`${label}.example`)).toBe(host);
    }),
  );
});
