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
import Provider from 'oidc-provider';
import { demoConfiguration, demoOauthClientId } from './demo-provider-configuration.ts';
import { serveInteractions } from './demo-provider-interactions.ts';

type State = { readonly jwks: { keys: JWK[] }; readonly cookieKeys: string[]; readonly port?: number };

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, state: { type: 'string' } } });
  const stored = values.state === undefined ? undefined : readState(values.state);
  const fresh = stored ?? (await newState());
  const server = http.createServer();
  const port = await listen(server, Number(values.port ?? stored?.port ?? 0));
  if (values.state !== undefined) writeState(values.state, { ...fresh, port });
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, demoConfiguration(fresh.jwks, fresh.cookieKeys));
  const serveProvider = provider.callback();
  server.on('request', (request, response) => {
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

/** The last port first, so that the issuer stays the same; any free one where it is taken. */
function listen(server: http.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (port !== 0 && error.code === 'EADDRINUSE') resolve(listen(server, 0));
      else reject(error);
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve((server.address() as AddressInfo).port));
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

// The parent holds our standard input open; when it closes, the parent is gone.
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
main().catch((error: unknown) => {
  process.stderr.write(`the demo provider did not start: ${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exit(1);
});
