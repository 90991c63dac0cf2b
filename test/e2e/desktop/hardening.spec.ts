/** What a page and a stranger on loopback cannot do to the real app. */
import http from 'node:http';
import { expect, test } from '@playwright/test';
import { pause } from '../../support/desktop.ts';
import { openWorkplace, type Workplace } from '../../support/workplace.ts';

let at: Workplace;
test.beforeAll(async () => {
  at = await openWorkplace();
});
test.afterAll(() => at.close());

for (const surface of ['dashboard', 'approval'] as const) {
  test(`EL-01: the ${surface} page has no Node, and only its own channels`, async () => {
    const page = at.desktop[surface];
    const seen = await page.evaluate(() => {
      const { countersign } = window as unknown as { countersign: { call: object; on: object } };
      return {
        node: [typeof require, typeof process, typeof (window as unknown as { Buffer: unknown }).Buffer],
        channels: Object.keys(countersign.call),
        pushes: Object.keys(countersign.on),
        frozen: Object.isFrozen(countersign) && Object.isFrozen(countersign.call),
      };
    });
    expect(seen.node).toEqual(['undefined', 'undefined', 'undefined']);
    expect(seen.frozen).toBe(true);
    const foreign = surface === 'approval' ? /^(?!approval:)/ : /^approval:/;
    expect([...seen.channels, ...seen.pushes].filter((name) => foreign.test(name))).toEqual([]);
  });

  test(`EL-02, EL-03: the ${surface} page goes nowhere and opens nothing`, async () => {
    const page = at.desktop[surface];
    const before = page.url();
    const windows = at.desktop.app.windows().length;
    await page.evaluate(() => {
      window.open('https://example.com/');
      const link = document.createElement('a');
      link.href = 'https://example.com/';
      document.body.append(link);
      link.click();
      link.remove();
    });
    await page.evaluate(() => location.assign('file:///etc/passwd')).catch(() => {});
    await pause(300);
    expect(page.url()).toBe(before);
    expect(at.desktop.app.windows()).toHaveLength(windows);
  });

  test(`EL-08, EL-21: the ${surface} page reaches nothing and runs no inline script`, async () => {
    const outcome = await at.desktop[surface].evaluate(async () => {
      const reached = await fetch('http://127.0.0.1:1/').then(
        () => 'reached',
        () => 'refused',
      );
      let ran = 'refused';
      try {
        const script = document.createElement('script');
        script.textContent = 'window.__ran = true';
        document.head.append(script);
        ran = (window as unknown as { __ran?: boolean }).__ran ? 'ran' : 'refused';
      } catch {
        ran = 'refused';
      }
      return { reached, ran };
    });
    expect(outcome).toEqual({ reached: 'refused', ran: 'refused' });
  });
}

test.describe('a stranger on loopback', () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const rows: readonly (readonly [string, () => Record<string, string>, number])[] = [
    ['with a wrong key gets 401', () => ({ ...json, authorization: `Bearer cs_${'A'.repeat(43)}` }), 401],
    ['without a key gets 401', () => json, 401],
    [
      'with a foreign Origin gets 403 before the key is looked at',
      () => ({ ...json, origin: 'https://evil.example' }),
      403,
    ],
    [
      'with a foreign Origin and the right key gets 403',
      () => ({ ...json, origin: 'https://evil.example', authorization: `Bearer ${at.key}` }),
      403,
    ],
    [
      'with a foreign Host and the right key gets 403 (LO-01)',
      () => ({ ...json, host: 'evil.example', authorization: `Bearer ${at.key}` }),
      403,
    ],
  ];
  for (const [name, headers, status] of rows) {
    test(name, async () => {
      expect(await post(at.url, headers(), body)).toBe(status);
    });
  }
});

function post(url: string, headers: Record<string, string>, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('error', reject);
    request.end(body);
  });
}
