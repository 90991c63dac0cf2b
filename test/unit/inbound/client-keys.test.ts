import { expect, test } from 'vitest';
import { createClientKeys, generateClientKey, hashClientKey } from '../../../mcp-bridge/inbound/client-keys.ts';
import {
  isClientId,
  isNonce,
  isServerId,
  proofOf,
  proves,
  type Transcript,
} from '../../../mcp-bridge/inbound/socket-proof.ts';

test('a key is 256 random bits behind a prefix that a scanner can find', () => {
  const keys = new Set(Array.from({ length: 100 }, generateClientKey));
  expect(keys.size).toBe(100);
  for (const key of keys) {
    expect(key).toMatch(/^cs_[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(key.slice(3), 'base64url').length).toBe(32);
  }
});

test('what is kept of a key is its hash, by the vector of FIPS 180-4', () => {
  expect(hashClientKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  const { key, record } = createClientKeys([]).issue('a', 'A');
  expect(record).toEqual({ mcpClientId: 'a', name: 'A', keyHash: hashClientKey(key) });
});

test.each([
  ['the right key', (key: string) => key, true],
  ['a key cut short', (key: string) => key.slice(0, -1), false],
  ['a key that goes on', (key: string) => `${key}A`, false],
  ['a key in other case', (key: string) => key.toUpperCase(), false],
  ['its hash', (key: string) => hashClientKey(key), false],
  ['nothing', () => '', false],
])('%s', (_name, change, accepted) => {
  const used: string[] = [];
  const keys = createClientKeys([], (id) => used.push(id));
  const { key, record } = keys.issue('a', 'A');
  keys.issue('b', 'B');
  expect(keys.verify(change(key))).toEqual(accepted ? record : undefined);
  expect(used).toEqual(accepted ? ['a'] : []);
});

test('a rotated key replaces the old one and says so once; the name stays', () => {
  const keys = createClientKeys([]);
  const revoked: string[] = [];
  const { key } = keys.issue('a', 'A');
  keys.onRevoked((id) => revoked.push(id));
  const next = keys.rotate('a');
  expect(keys.verify(key)).toBeUndefined();
  expect(keys.verify(next?.key ?? '')).toEqual(next?.record);
  expect(next?.record.name).toBe('A');
  expect(revoked).toEqual(['a']);
  expect(keys.rotate('nobody')).toBeUndefined();
});

test('the same record put again, as settings do, ends nothing', () => {
  const keys = createClientKeys([]);
  const revoked: string[] = [];
  const { record } = keys.issue('a', 'A');
  const stop = keys.onRevoked((id) => revoked.push(id));
  keys.put({ ...record, name: 'Renamed' });
  expect({ revoked, listed: keys.list() }).toEqual({ revoked: [], listed: [{ ...record, name: 'Renamed' }] });
  stop();
  keys.remove('a');
  expect({ revoked, listed: keys.list(), found: keys.find('a') }).toEqual({
    revoked: [],
    listed: [],
    found: undefined,
  });
});

test('a hash that is none is refused', () => {
  expect(() => createClientKeys([{ mcpClientId: 'a', name: 'A', keyHash: 'abc' }])).toThrow(RangeError);
});

const keyHash = hashClientKey('cs_key');
const transcript: Transcript = {
  socketPath: '/run/bridge.sock',
  mcpClientId: 'a',
  serverId: '',
  shimNonce: 'A'.repeat(43),
  bridgeNonce: 'B'.repeat(43),
};

test.each([
  ['the same transcript', 'shim', keyHash, transcript, true],
  ['the other role', 'bridge', keyHash, transcript, false],
  ['another key', 'shim', hashClientKey('cs_other'), transcript, false],
  ['another path', 'shim', keyHash, { ...transcript, socketPath: '/tmp/bridge.sock' }, false],
  ['another AI client', 'shim', keyHash, { ...transcript, mcpClientId: 'b' }, false],
  ['another endpoint', 'shim', keyHash, { ...transcript, serverId: 'git' }, false],
  ['another nonce of the shim', 'shim', keyHash, { ...transcript, shimNonce: 'C'.repeat(43) }, false],
  ['another nonce of the bridge', 'shim', keyHash, { ...transcript, bridgeNonce: 'C'.repeat(43) }, false],
  [
    'the nonces in turn',
    'shim',
    keyHash,
    { ...transcript, shimNonce: transcript.bridgeNonce, bridgeNonce: transcript.shimNonce },
    false,
  ],
] as const)('LO-09 a proof for %s', (_name, role, hash, other, valid) => {
  expect(proves(proofOf('shim', keyHash, transcript), role, hash, other)).toBe(valid);
});

test.each([
  ['an id', isClientId, 'claude-code', true],
  ['an id with dots', isClientId, 'a.b_c-1', true],
  ['an empty id', isClientId, '', false],
  ['an id that goes up', isClientId, '../a', false],
  ['a hidden file', isClientId, '.a', false],
  ['an id with a slash', isClientId, 'a/b', false],
  ['an id with a NUL', isClientId, 'a\u0000', false],
  ['an id that ends in a newline', isClientId, 'a\n', false],
  ['a long id', isClientId, 'a'.repeat(200), false],
  ['no text', isClientId, 1, false],
  ['no server', isServerId, '', true],
  ['a server', isServerId, 'git', true],
  ['a server with a space', isServerId, 'g it', false],
  ['a nonce', isNonce, 'A'.repeat(43), true],
  ['a short nonce', isNonce, 'A'.repeat(42), false],
])('%s is told apart', (_name, is, value, expected) => {
  expect(is(value)).toBe(expected);
});
