/**
 * The embedded OpenID provider, for trying Countersign out without one of your own: oidc-provider on loopback with one
 * demo user. A child process of system Node; prints one JSON line when it is ready, and ends with its parent.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { errors } from 'oidc-provider';
import { demoConfiguration, demoOauthClientId } from './demo-provider-configuration.ts';
import { serveInteractions } from './demo-provider-interactions.ts';
import { demoStore } from './demo-provider-store.ts';

type State = { readonly jwks: { keys: JWK[] }; readonly cookieKeys: string[]; readonly port?: number };

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, state: { type: 'string' } } });
  const stored = values.state === undefined ? undefined : readState(values.state);
  const fresh = stored ?? (await newState());
  const server = http.createServer();
  const port =
    values.port === undefined
      ? await listen(server, stored?.port ?? 0).catch(() => listen(server, 0)) // the last one is taken: any free one
      : await listen(server, Number(values.port));
  if (values.state !== undefined) writeState(values.state, { ...fresh, port });
  const host = `127.0.0.1:${port}`;
  const issuer = `http://${host}`;
  const records = values.state === undefined ? undefined : path.join(values.state, 'demo-provider-grants.json');
  const nowS = (): number => Math.floor(Date.now() / 1000);
  const provider = new Provider(
    issuer,
    demoConfiguration(fresh.jwks, fresh.cookieKeys, demoStore(records, nowS), errors),
  );
  const serveProvider = provider.callback();
  server.on('request', (request, response) => {
    // SECURITY(OA-10): a foreign name that resolves to this address is not this issuer.
    if (request.headers.host !== host) return void response.writeHead(421).end();
    void serveInteractions(provider, request, response).then((served) => {
      if (!served) void serveProvider(request, response);
    });
  });
  process.stdout.write(`${JSON.stringify({ issuer, clientId: demoOauthClientId, pid: process.pid })}\n`);
}

async function newState(): Promise<State> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: randomBytes(8).toString('hex') };
  return { jwks: { keys: [key] }, cookieKeys: [randomBytes(32).toString('base64url')] };
}

/** SECURITY(OA-07): nobody else may answer on the address that is this issuer's name. */
function listen(server: http.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function readState(folder: string): State | undefined {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, 'demo-provider.json'), 'utf8')) as State;
  } catch {
    return undefined; // the first start, or damaged: new keys end old sign-ins, which is the safe side
  }
}

function writeState(folder: string, state: State): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = path.join(folder, `demo-provider.json.${process.pid}`);
  fs.writeFileSync(fresh, JSON.stringify(state), { mode: 0o600, flag: 'wx' });
  fs.renameSync(fresh, path.join(folder, 'demo-provider.json'));
}

// Standard output is for the ready line alone; the library's notices go elsewhere.
console.info = console.warn;

// The parent holds our standard input open; when it closes, the parent is gone.
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
main().catch((error: unknown) => {
  process.stderr.write(`the demo provider did not start: ${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exit(1);
});
