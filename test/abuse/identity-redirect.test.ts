/** The loopback redirect under strangers (OA-04, OA-06, OA-07, OA-08). */
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listenForRedirect, type RedirectListener } from '../../main/identity/redirect-listener.ts';

const state = 'the-state-of-this-sign-in';
let abort: AbortController;
let listener: RedirectListener;
beforeEach(async () => {
  abort = new AbortController();
  listener = await listenForRedirect(state, abort.signal);
});
afterEach(() => listener.close());

const at = (path: string): string => new URL(path, listener.redirectUri).href;

/** By hand, so that Host, method and path are what the row says. */
function ask(
  path: string,
  options: http.RequestOptions = {},
): Promise<{ status: number; text: string; headers: http.IncomingHttpHeaders }> {
  const { port } = new URL(listener.redirectUri);
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, ...options }, (answer) => {
      let text = '';
      answer.on('data', (piece) => (text += String(piece)));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
    });
    request.on('error', reject);
    request.end();
  });
}

const markup = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{7*7}}',
  'javascript:alert(1)',
  '%3Cscript%3E',
  '\u202Eevil',
];
const strangers: readonly (readonly [string, string, http.RequestOptions?])[] = [
  ['another path', `/callback/?state=${state}&code=c`],
  ['a path around', `/x/../callbackk?state=${state}&code=c`],
  ['the path in capitals', `/CALLBACK?state=${state}&code=c`],
  ['no state', '/callback?code=c'],
  ['another state', '/callback?code=c&state=x'],
  ['the state twice', `/callback?code=c&state=${state}&state=x`],
  ['the state in the fragment’s place', `/callback?code=c#state=${state}`],
  ['a POST', `/callback?code=c&state=${state}`, { method: 'POST' }],
  ['a HEAD', `/callback?code=c&state=${state}`, { method: 'HEAD' }],
  ['an OPTIONS', `/callback?code=c&state=${state}`, { method: 'OPTIONS' }],
  ['a foreign Host', `/callback?code=c&state=${state}`, { headers: { host: 'evil.example' } }],
  ['localhost as Host', `/callback?code=c&state=${state}`, { headers: { host: 'localhost' } }],
  ['an absolute address', `http://evil.example/callback?code=c&state=${state}`],
  ['an address without a scheme', `//evil.example/callback?code=c&state=${state}`],
  ...markup.map((text) => [`markup ${text}`, `/callback?error_description=${encodeURIComponent(text)}`] as const),
];

describe('a stranger learns nothing and ends nothing (OA-04, OA-06)', () => {
  test.each(strangers.map((row) => [row[0], row] as const))('%s', async (_name, [, path, options]) => {
    const { status } = await ask(path, options);
    expect(status).toBe(404);
    const honest = fetch(at(`/callback?state=${state}&code=honest`));
    const answer = await listener.answer;
    expect(answer).toMatchObject({ outcome: 'answered' });
    if (answer.outcome !== 'answered') return;
    expect(answer.address.searchParams.get('code')).toBe('honest');
    answer.showEnd(true);
    expect(await (await honest).text()).toContain('Signed in');
  });
});

describe('the page says nothing of what came (OA-08)', () => {
  test.each(markup)('%s', async (text) => {
    const encoded = encodeURIComponent(text);
    const page = ask(`/callback?state=${state}&error=${encoded}&error_description=${encoded}&${encoded}=1`);
    const answer = await listener.answer;
    if (answer.outcome === 'answered') answer.showEnd(false);
    const { text: html, headers } = await page;
    expect(html).toContain('Not signed in');
    expect(html).not.toContain(text);
    expect(html).not.toContain(encoded);
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });
});

test('one answer: the same address a second time finds nobody (OA-04, OA-06)', async () => {
  const first = fetch(at(`/callback?state=${state}&code=1`));
  const answer = await listener.answer;
  await expect(fetch(at(`/callback?state=${state}&code=2`))).rejects.toThrow();
  if (answer.outcome === 'answered') answer.showEnd(true);
  await first;
  await expect(fetch(at('/callback'))).rejects.toThrow();
});

test('listens on 127.0.0.1 and on no other address (OA-06)', async () => {
  const port = Number(new URL(listener.redirectUri).port);
  const others = ['::1', '127.0.0.2'];
  const tried = await Promise.all(others.map((host) => connects(host, port)));
  expect(tried).toEqual([false, false]);
});

test.each([
  ['when cancelled', (): void => abort.abort(), 'cancelled'],
  ['after its time', (): void => {}, 'expired'],
] as const)('the port is closed %s', async (_name, act, outcome) => {
  const other = await listenForRedirect(state, abort.signal, { answerWithinMs: 100 });
  act();
  expect(await other.answer).toEqual({ outcome });
  await expect(fetch(other.redirectUri)).rejects.toThrow();
});

test('cancelled before it began: no port stays open', async () => {
  abort.abort();
  const other = await listenForRedirect(state, abort.signal);
  expect(await other.answer).toEqual({ outcome: 'cancelled' });
  await expect(fetch(other.redirectUri)).rejects.toThrow();
});

test.each(['127.0.0.1', '0.0.0.0'])(
  'a port that somebody holds on %s: a clear error before any browser (OA-07)',
  async (host) => {
    const holder = net.createServer();
    await new Promise<void>((resolve) => holder.listen({ host, port: 0 }, resolve));
    const { port } = holder.address() as AddressInfo;
    const thrown = await listenForRedirect(state, abort.signal, { port }).catch((error: unknown) => error);
    holder.close();
    expect(thrown).toMatchObject({ code: 'identity.sign-in-failed', message: expect.stringContaining('EADDRINUSE') });
  },
);

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
