/** Where an issuer's metadata may lead (OA-10), and what a browser may be given (OA-09, EL-13). */
import type { lookup } from 'node:dns';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rangeOf } from '../../main/identity/address-ranges.ts';
import { guardedFetch } from '../../main/identity/guarded-fetch.ts';
import { browserAddress } from '../../main/identity/open-in-browser.ts';

const refusedAddress = { name: 'AppError', code: 'identity.issuer-refused' };
let reached: string[] = [];
let inside: http.Server;
let port = 0;
beforeAll(async () => {
  inside = http.createServer((request, response) => {
    reached.push(request.url ?? '');
    response.end('secret');
  });
  await new Promise<void>((resolve) => inside.listen(0, resolve)); // every address of this computer
  port = (inside.address() as AddressInfo).port;
});
afterAll(() => {
  inside.close();
  inside.closeAllConnections();
});

describe('an address of a public issuer that leads inside: no connection is made (OA-10)', () => {
  const hosts = [
    '127.0.0.1',
    '127.1',
    '127.0.0.2',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '0x7f.1',
    '0',
    '0.0.0.0',
    'localhost',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:0:0:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fd12:3456::1]',
    '[ff02::1]',
    '10.0.0.1',
    '10.1',
    '100.64.0.1',
    '169.254.169.254',
    '[::ffff:169.254.169.254]',
    '0xa9fea9fe',
    '2852039166',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '192.0.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '①②⑦.0.0.1',
    '127。0。0。1',
  ];
  test.each(hosts)('%s', async (host) => {
    reached = [];
    const fetchFrom = guardedFetch(new URL('https://login.acme.example'), { answerWithinMs: 500 });
    for (const scheme of ['https', 'http']) {
      await expect(fetchFrom(`${scheme}://${host}:${port}/jwks`)).rejects.toMatchObject(refusedAddress);
    }
    expect(reached).toEqual([]);
  });
});

describe('a name that resolves inside, or changes its mind (OA-10)', () => {
  const answering = (...answers: readonly string[][]): { asked: () => number; lookup: typeof lookup } => {
    let asked = 0;
    const fake = (_name: string, _options: object, done: (error: null, found: object[]) => void): void => {
      const found = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked += 1;
      done(
        null,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
    return { asked: () => asked, lookup: fake as unknown as typeof lookup };
  };
  test.each([
    ['to this computer', ['127.0.0.1']],
    ['to the clouds’ metadata', ['169.254.169.254']],
    ['to a public address and one inside', ['93.184.216.34', '10.0.0.1']],
    ['to one inside as IPv6', ['::ffff:10.0.0.1']],
    ['to nothing', []],
  ] as const)('%s', async (_name, addresses) => {
    reached = [];
    const dns = answering([...addresses]);
    const fetchFrom = guardedFetch(new URL('https://login.acme.example'), { lookup: dns.lookup, answerWithinMs: 500 });
    await expect(fetchFrom(`https://keys.acme.example:${port}/`)).rejects.toMatchObject(refusedAddress);
    expect(reached).toEqual([]);
    expect(dns.asked()).toBe(1); // what was judged is what would have been connected to
  });

  test('the host a person configured may be inside their own network, the clouds’ metadata never', async () => {
    const own = new URL(`https://login.acme.example:${port}`);
    const insideOwn = guardedFetch(own, { lookup: answering(['127.0.0.1']).lookup, answerWithinMs: 2_000 });
    // connected, and then failed at TLS: the listener speaks none
    await expect(insideOwn(own.href)).rejects.not.toMatchObject(refusedAddress);
    const metadata = guardedFetch(own, { lookup: answering(['169.254.169.254']).lookup, answerWithinMs: 500 });
    await expect(metadata(own.href)).rejects.toMatchObject(refusedAddress);
  });
});

test('a loopback issuer leads to itself and to nothing else over http', async () => {
  reached = [];
  const fetchFrom = guardedFetch(new URL(`http://127.0.0.1:${port}`));
  expect(await (await fetchFrom(`http://127.0.0.1:${port}/own`)).text()).toBe('secret');
  for (const other of [`http://localhost:${port}/`, `http://[::1]:${port}/`, `http://127.0.0.1:${port + 1}/`]) {
    await expect(fetchFrom(other)).rejects.toMatchObject(refusedAddress);
  }
  expect(reached).toEqual(['/own']);
});

test.each([
  ['8.8.8.8', 'public'],
  ['2606:4700::1111', 'public'],
  ['172.32.0.1', 'public'],
  ['100.128.0.1', 'public'],
  ['10.255.255.255', 'inside'],
  ['fe80::1%eth0', 'never'],
  ['not an address', 'never'],
  ['', 'never'],
] as const)('the range of %s is %s', (address, range) => expect(rangeOf(address)).toBe(range));

describe('given to the system’s browser (OA-09, EL-13)', () => {
  const never = [
    'file:///etc/passwd',
    'smb://h/s',
    'ms-msdt:/id',
    'javascript:alert(1)',
    'vscode://x',
    'data:text/html,x',
    'ftp://h/',
    'mailto:a@b.c',
    'tel:1',
    'ssh://h',
    'jar:https://h!/',
    'view-source:https://h',
    'about:blank',
    'blob:https://h/x',
    'ws://h',
    'wss://h',
    'chrome://settings',
    'steam://run',
    'x-apple.systempreferences:',
    'search-ms:query=x',
    'http://h/',
    'http://10.0.0.1/',
    'http://127.0.0.1.evil.example/',
    'http://localhost.evil.example/',
    'https://u:p@h/',
    'HTTP://EVIL.example/',
  ];
  test.each(never)('never %s', (address) => {
    expect(() => browserAddress(new URL(address))).toThrow(expect.objectContaining(refusedAddress));
  });
  test.each([
    ['https://login.acme.example/auth?a=b', 'https://login.acme.example/auth?a=b'],
    ['http://127.0.0.1:4711/auth', 'http://127.0.0.1:4711/auth'],
    ['https://h/$(id)`id`"\'|&', "https://h/$(id)%60id%60%22'|&"],
  ])('%s', (address, expected) => expect(browserAddress(new URL(address))).toBe(expected));
});
