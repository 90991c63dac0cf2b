/** A browser of fetch and a cookie jar: follows redirects, reads the real pages' forms, fills them in and posts them. */
import { demoPerson } from '../../main/identity/demo-person.ts';

type Page = { readonly url: URL; readonly status: number; readonly html: string; readonly headers: Headers };
type Form = { readonly action: string; readonly fields: readonly string[]; readonly button: string };

export type FetchBrowser = {
  open(address: string): Promise<Page>;
  /** Presses the button with this label on the last page, after filling in its form. */
  press(button: string, values?: Readonly<Record<string, string>>): Promise<Page>;
  /** Through the demo provider's pages to the end; gives back the page at which it stops. */
  signIn(address: string, answer?: 'Allow' | 'Do not allow'): Promise<Page>;
  /** Where the last redirect to an address outside the provider led, without going there, when `stopAt` says so. */
  readonly stoppedAt: () => string | undefined;
};

/** @param stopAt addresses that are noted and not opened, so that a test can change them first */
export function fetchBrowser(stopAt: (url: URL) => boolean = () => false): FetchBrowser {
  const cookies = new Map<string, { readonly value: string; readonly path: string; readonly host: string }>();
  let last: Page | undefined;
  let stopped: string | undefined;

  function cookiesFor(url: URL): string {
    return [...cookies]
      .filter(([, { host, path }]) => host === url.host && url.pathname.startsWith(path))
      .map(([key, { value }]) => `${key.slice(key.indexOf(' ') + 1)}=${value}`)
      .join('; ');
  }

  function keep(url: URL, line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    const key = `${url.host}${path} ${name}`;
    if (value === '') cookies.delete(key);
    else cookies.set(key, { value, path, host: url.host });
  }

  async function go(url: URL, init: RequestInit = {}, hops = 0): Promise<Page> {
    if (hops > 10) throw new Error('too many redirects');
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie: cookiesFor(url) },
    });
    for (const line of answer.headers.getSetCookie()) keep(url, line);
    const location = answer.headers.get('location');
    if (location && answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      const next = new URL(location, url);
      if (stopAt(next)) {
        stopped = next.href;
        return { url: next, status: 0, html: '', headers: new Headers() };
      }
      return go(next, {}, hops + 1);
    }
    last = { url, status: answer.status, html: await answer.text(), headers: answer.headers };
    return last;
  }

  const browser: FetchBrowser = {
    stoppedAt: () => stopped,
    open: (address) => go(new URL(address)),
    press(button, values = {}) {
      if (!last) throw new Error('no page is open');
      const form = formsIn(last.html).find((candidate) => candidate.button === button);
      if (!form) throw new Error(`there is no button "${button}" on ${last.url.pathname}: ${last.html.slice(0, 300)}`);
      const body = new URLSearchParams(form.fields.map((name) => [name, values[name] ?? '']));
      return go(new URL(form.action, last.url), { method: 'POST', body });
    },
    async signIn(address, answer = 'Allow') {
      let page = await browser.open(address);
      if (page.html.includes('name="password"')) page = await browser.press('Sign in', { ...demoPerson });
      return page.status === 200 && page.html.includes('/allow"') ? browser.press(answer) : page;
    },
  };
  return browser;
}

function formsIn(html: string): readonly Form[] {
  return [...html.matchAll(/<form[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g)].map(
    ([, action = '', inner = '']) => ({
      action,
      fields: [...inner.matchAll(/<input[^>]*name="([^"]+)"/g)].map((match) => match[1] ?? ''),
      button: /<button[^>]*>([^<]+)<\/button>/.exec(inner)?.[1] ?? '',
    }),
  );
}
