/**
 * LO-01 to LO-04 from real web pages in a real Chromium: whatever a page may send of its own accord, and what it sends
 * with a right key in its hands. The oracle is what reached the bridge; that the requests did arrive is in its log.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type InboundFixture, startInbound } from '../support/inbound-fixture.ts';
import { launchChromium } from '../support/renderer-browser.ts';

const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } });

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium([
    // a name of the attacker that resolves to this machine, as after DNS rebinding
    '--host-resolver-rules=MAP evil.test 127.0.0.1',
    // newer browsers keep pages of the Internet away from this machine; what is tested here is the bridge alone
    '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights',
  ]);
});
afterAll(() => browser.close());

type Attempt = { readonly bridge: string; readonly key: string; readonly call: string };

/** Each runs in the page; true when it got to read an answer. */
const attempts: readonly (readonly [string, (attempt: Attempt) => Promise<boolean>])[] = [
  [
    'a text/plain POST without CORS',
    ({ bridge, call }) => send(bridge, { method: 'POST', mode: 'no-cors', body: call }),
  ],
  [
    'a form POST without CORS',
    ({ bridge, call }) => send(bridge, { method: 'POST', mode: 'no-cors', body: new URLSearchParams({ [call]: '' }) }),
  ],
  ['a text/plain POST', ({ bridge, call }) => send(bridge, { method: 'POST', body: call })],
  [
    'a JSON POST without CORS, whose type the browser takes away',
    ({ bridge, call, key }) =>
      send(bridge, {
        method: 'POST',
        mode: 'no-cors',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: call,
      }),
  ],
  [
    'a JSON POST with a right key',
    ({ bridge, call, key }) =>
      send(bridge, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: call,
      }),
  ],
  ['a GET stream with a right key', ({ bridge, key }) => send(bridge, { headers: { authorization: `Bearer ${key}` } })],
  ['a GET without CORS', ({ bridge }) => send(bridge, { mode: 'no-cors' })],
  [
    'a DELETE with a right key',
    ({ bridge, key }) => send(bridge, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } }),
  ],
  [
    'the metadata, to see whether the bridge is there',
    ({ bridge }) => send(new URL('/.well-known/oauth-protected-resource', bridge).href, {}),
  ],
  [
    'a beacon',
    async ({ bridge, call }) => {
      navigator.sendBeacon(bridge, call);
      navigator.sendBeacon(bridge, new Blob([call], { type: 'text/plain' }));
      return false;
    },
  ],
  [
    'an event stream',
    ({ bridge }) =>
      new Promise((resolve) => {
        const source = new EventSource(bridge);
        source.onopen = () => resolve(true);
        source.onerror = () => resolve(false);
      }),
  ],
  [
    'a web socket',
    ({ bridge }) =>
      new Promise((resolve) => {
        const socket = new WebSocket(bridge.replace('http', 'ws'));
        socket.onopen = () => resolve(true);
        socket.onerror = () => resolve(false);
      }),
  ],
  [
    'a form that is JSON to the letter',
    async ({ bridge, call }) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.name = 'target';
      const form = document.body.appendChild(document.createElement('form'));
      Object.assign(form, { method: 'POST', enctype: 'text/plain', action: bridge, target: 'target' });
      const field = form.appendChild(document.createElement('input'));
      [field.name, field.value] = [call.slice(0, -1).concat(',"x":"'), '"}'];
      form.submit();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return false;
    },
  ],
  [
    'a picture and a script',
    ({ bridge }) =>
      new Promise((resolve) => {
        const [picture, script] = [document.createElement('img'), document.createElement('script')];
        script.onload = () => resolve(true);
        script.onerror = () => resolve(false);
        picture.src = bridge;
        script.src = bridge;
        document.body.append(picture, script);
      }),
  ],
];

/** Exists in the page only: put there by `open`. */
declare function send(url: string, init: RequestInit): Promise<boolean>;

const pages: readonly (readonly [string, (page: Page, fixture: InboundFixture) => Promise<string>])[] = [
  [
    'a page of another port of this machine',
    async (page, { inbound }) => {
      await page.goto(`http://localhost:${await strangePort()}/`);
      return inbound.url;
    },
  ],
  [
    'a page whose name was rebound to the bridge',
    async (page, { inbound }) => {
      const origin = `http://evil.test:${inbound.port}`;
      await page.route(`${origin}/`, (route) => route.fulfill({ contentType: 'text/html', body: '<body>' }));
      await page.goto(`${origin}/`);
      return `${origin}/mcp`;
    },
  ],
  [
    'a page without an origin',
    async (page, { inbound }) => {
      await page.goto('data:text/html,<body>');
      return inbound.url;
    },
  ],
];

test.each(pages)('LO-04 %s reaches nothing and reads nothing', async (_name, open) => {
  const fixture = await startInbound();
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const bridge = await open(page, fixture);
  await page.evaluate(() => {
    Object.assign(globalThis, {
      send: (url: string, init: RequestInit) =>
        fetch(url, init).then(
          (response) => response.type !== 'opaque' && response.ok,
          () => false,
        ),
    });
  });
  for (const [name, attempt] of attempts) {
    expect(await page.evaluate(attempt, { bridge, key: fixture.keyA, call }), name).toBe(false);
  }
  // all but the beacons wait for what comes of them, and every one was sent
  expect(fixture.events.length).toBeGreaterThanOrEqual(attempts.length - 1);
  const statuses = fixture.events.map((event) => (event.kind === 'refused' ? event.status : event.kind));
  expect(statuses.filter((status) => status !== 401 && status !== 403)).toEqual([]);
  expect(fixture.received).toEqual([]);
});

/** A server of the attacker with an empty page. */
async function strangePort(): Promise<number> {
  const server = createServer((_incoming, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<body>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
