/** The demo provider's pages. Their only variable parts are written by us or escaped here. */
import { demoPerson } from './demo-person.ts';

export function signInPage(uid: string, problem?: string): string {
  return page(
    'Sign in',
    `<h1>Sign in</h1>
    <p class="quiet">to go on to Countersign</p>
    ${problem === undefined ? '' : `<p class="problem" role="alert">${htmlText(problem)}</p>`}
    <form method="post" action="/interaction/${htmlText(uid)}/sign-in">
      <label for="email">Email</label>
      <input id="email" name="email" type="email" autocomplete="username" required autofocus>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required>
      <button class="primary">Sign in</button>
    </form>
    <p class="hint">A provider for trying out, on this computer only. Email <code>${demoPerson.email}</code>, password <code>${demoPerson.password}</code>.</p>`,
  );
}

const scopeWords: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  profile: 'See your name',
  email: 'See your mail address',
  offline_access: 'Stay signed in until you sign out',
  'tools:read': 'Read through your tools',
  'tools:write': 'Change things through your tools',
  'tools:delete': 'Delete things through your tools',
};

export function allowPage(uid: string, scopes: readonly string[], details: readonly object[] = []): string {
  const items = scopes.map(
    (scope) => `<li>${htmlText(scopeWords[scope] ?? scope)} <code>${htmlText(scope)}</code></li>`,
  );
  return page(
    'Allow',
    `<h1>Allow Countersign to</h1>
    <ul>${items.join('')}</ul>
    ${details.map((detail) => `<pre>${htmlText(JSON.stringify(detail, null, 2))}</pre>`).join('')}
    <form method="post" action="/interaction/${htmlText(uid)}/allow"><button class="primary">Allow</button></form>
    <form method="post" action="/interaction/${htmlText(uid)}/deny"><button>Do not allow</button></form>`,
  );
}

/** @param form the library's own hidden form, which the two buttons belong to */
export function logoutPage(form: string): string {
  return page(
    'Sign out',
    `<h1>Sign out of the provider too?</h1>
    <p class="quiet">Countersign has signed out already. This ends the browser’s own session.</p>
    ${form}
    <button class="primary" type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
    <button type="submit" form="op.logoutForm">Stay signed in</button>`,
  );
}

export function errorPage(name: string): string {
  return page(
    'Refused',
    `<h1>The request was refused</h1><p class="problem" role="alert"><code>${htmlText(name)}</code></p>
    <p class="quiet">Go back to Countersign and start again.</p>`,
  );
}

/** Nothing but its own style and its own forms; their answers go on to the loopback redirect, which CSP counts too. */
export const pageHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://127.0.0.1:*; frame-ancestors 'none'; base-uri 'none'",
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

export function messagePage(message: string): string {
  return page('Demo provider', `<h1>${htmlText(message)}</h1>`);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} · Demo provider</title><style>${style}</style></head><body><main>${body}</main></body></html>`;
}

function htmlText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
:root{color-scheme:light dark;--bg:#f6f6f4;--surface:#fff;--line:#e3e2de;--ink:#1c1c1a;--quiet:#5e5d58;--accent:#2b4bd6;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--bg:#161614;--surface:#1e1e1b;--line:#34342f;--ink:#f1f0ea;--quiet:#b3b2a9;--accent:#93a6ff;--bad:#ff8a80}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--bg);color:var(--ink);font:14px/20px system-ui,sans-serif}
main{width:min(400px,92vw);background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:32px}
h1{font-size:24px;line-height:32px;letter-spacing:-.01em;margin:0 0 4px}p{margin:0 0 16px}.quiet,.hint{color:var(--quiet)}.hint{margin:20px 0 0;font-size:13px}
.problem{color:var(--bad)}label{display:block;margin:12px 0 4px;font-weight:600}input{width:100%;padding:9px 12px;border:1px solid var(--line);border-radius:8px;background:var(--bg);color:inherit;font:inherit}
button{width:100%;margin-top:12px;padding:10px;border:1px solid var(--line);border-radius:8px;background:none;color:inherit;font:inherit;font-weight:600;cursor:pointer}
.primary{margin-top:20px;background:var(--ink);color:var(--surface);border-color:var(--ink)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
ul{padding-left:20px}pre{overflow:auto;padding:12px;border:1px solid var(--line);border-radius:8px;font:12.5px/19px ui-monospace,monospace}code{font:12.5px/19px ui-monospace,monospace;color:var(--quiet)}`;
