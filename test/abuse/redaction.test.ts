import { expect, test } from 'vitest';
import { createJsonRedactor } from '../../mcp-bridge/core/redact/redact-json.ts';

/** Ratios within one run, not milliseconds: four times the text may take about four times as long, never sixteen. */
const secrets = Array.from({ length: 20 }, (_, index) => `s3cr3t-${index}-${'abcdefghij'.repeat(4)}`);
const redact = createJsonRedactor(secrets);

function fastestOf(text: string): number {
  const times = Array.from({ length: 5 }, () => {
    const startedAt = performance.now();
    redact({ content: [{ type: 'text', text }] });
    return performance.now() - startedAt;
  });
  return Math.min(...times);
}

test.each([
  ['a single letter', 'a'],
  ['beginnings of JSON web tokens', 'eyJ'],
  ['tokens without an end', 'eyJhbGciOiJIUzI1NiJ9.'],
  ['private keys without an end', '-----BEGIN PRIVATE KEY-----'],
  ['keys one letter short', `ghp_${'a'.repeat(35)} `],
  ['beginnings of addresses', '://a:'],
  ['long user names of addresses', `://${'a'.repeat(64)}:`],
  ['a secret without its last letter', secrets[0]?.slice(0, -1) ?? ''],
  ['names of keys', 'aws_secret_access_key::::::::'],
] as const)('MC-38: a megabyte of %s takes linear time', (_name, unit) => {
  const text = unit.repeat(Math.ceil(2 ** 20 / unit.length));
  const quarter = fastestOf(text.slice(0, 2 ** 18));
  expect(fastestOf(text)).toBeLessThan(Math.max(12 * quarter, 100));
});
