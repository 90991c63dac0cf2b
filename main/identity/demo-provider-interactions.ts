/** The provider's two real pages: sign in, and allow. Served by the provider process itself, without any script. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { demoPerson } from './demo-person.ts';
import { allowPage, messagePage, pageHeaders, signInPage } from './demo-provider-pages.ts';

const longestForm = 8_192;

/** True when the request was for one of the pages. */
export async function serveInteractions(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const match = /^\/interaction\/[A-Za-z0-9_-]+(\/(?:sign-in|allow|deny))?$/.exec(request.url ?? '');
  if (!match) return false;
  try {
    const step = match[1];
    if (request.method === 'GET' && step === undefined) await showPage(provider, request, response);
    else if (request.method === 'POST' && step === '/sign-in') await signIn(provider, request, response);
    else if (request.method === 'POST' && step === '/allow') await allow(provider, request, response);
    else if (request.method === 'POST' && step === '/deny') await deny(provider, request, response);
    else send(response, 404, messagePage('There is no such page.'));
  } catch {
    send(response, 400, messagePage('This sign-in has ended. Go back to Countersign and start again.'));
  }
  return true;
}

async function showPage(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { uid, prompt, params } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') return send(response, 200, signInPage(uid));
  const scopes = String(params['scope'] ?? '').split(' ');
  const { rar = [] } = prompt.details as { readonly rar?: readonly object[] };
  send(response, 200, allowPage(uid, scopes.filter(Boolean), rar));
}

async function signIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = await readForm(request);
  const { uid } = await provider.interactionDetails(request, response);
  const known =
    form.get('email')?.trim().toLowerCase() === demoPerson.email &&
    equal(form.get('password') ?? '', demoPerson.password);
  if (!known) return send(response, 401, signInPage(uid, 'The email or the password is not right.'));
  await provider.interactionFinished(
    request,
    response,
    { login: { accountId: demoPerson.sub } },
    { mergeWithLastSubmission: false },
  );
}

/** Grants what this request asks for, and nothing that an earlier one did. */
async function allow(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  const grant =
    (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
    new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params['client_id']) });
  const missing = prompt.details as {
    readonly missingOIDCScope?: readonly string[];
    readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
  };
  if (missing.missingOIDCScope) grant.addOIDCScope(missing.missingOIDCScope.join(' '));
  for (const [resource, scopes] of Object.entries(missing.missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  await provider.interactionFinished(
    request,
    response,
    { consent: { grantId: await grant.save() } },
    { mergeWithLastSubmission: true },
  );
}

async function deny(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refusal = { error: 'access_denied', error_description: 'The person did not allow it.' };
  await provider.interactionFinished(request, response, refusal, { mergeWithLastSubmission: false });
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const piece of request) {
    text += String(piece);
    if (text.length > longestForm) throw new RangeError('the form is too long');
  }
  return new URLSearchParams(text);
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { ...pageHeaders, 'Content-Type': 'text/html; charset=utf-8' });
  response.end(html);
}
