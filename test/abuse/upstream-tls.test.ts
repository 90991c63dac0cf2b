/** Certificates that must not be believed, and files that are none; judged by what the server saw. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { hello, startEvilHttp } from '../support/evil-http.ts';
import { callTool, startManager, textOf } from '../support/upstream-fixture.ts';

let folder = '';
const file = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(file(name), 'utf8');

function certificate(name: string, more: readonly string[] = [], subjectAltName = 'IP:127.0.0.1'): void {
  const made = ['-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`];
  const names = ['-addext', `subjectAltName=${subjectAltName}`];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-days', '2'];
  execFileSync('openssl', [...args, ...(more.length === 0 ? ['-nodes'] : more), ...made, ...names], {
    cwd: folder,
    stdio: 'pipe',
  });
}

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-tls-')));
  certificate('server');
  certificate('person');
  certificate('elsewhere', [], 'DNS:mcp.example.com');
  certificate('locked', ['-passout', 'pass:secret']);
  writeFileSync(file('garbage.pem'), 'not a certificate');
  writeFileSync(file('broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  return () => rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['authorities that are no PEM', { ca: 'garbage.pem' }, 'tls.ca'],
  ['a certificate that is no PEM', { cert: 'garbage.pem', key: 'person.key' }, 'tls.cert'],
  ['a certificate that is broken inside', { cert: 'broken.pem', key: 'person.key' }, 'it.tls'],
  ['a key that is no PEM', { cert: 'person.pem', key: 'garbage.pem' }, 'tls.key'],
  ['a key of another certificate', { cert: 'person.pem', key: 'server.key' }, 'it.tls'],
  ['a key that wants a passphrase', { cert: 'locked.pem', key: 'locked.key' }, 'passphrase'],
  ['a certificate without its key', { cert: 'person.pem' }, 'both'],
  ['a key without its certificate', { key: 'person.key' }, 'both'],
  ['a file that is not there', { ca: 'nowhere.pem' }, 'tls.ca'],
])('%s are said to be wrong, and end neither the bridge nor another server', async (_name, tls, where) => {
  const well = await startEvilHttp(hello);
  const asFiles = Object.fromEntries(Object.entries(tls).map(([kind, name]) => [kind, file(name)]));
  const manager = await startManager(
    { it: { url: 'https://127.0.0.1:9/mcp', tls: asFiles }, well: { url: well.url } },
    { reconnectWaitMs: 300 },
  );
  expect(manager.status()[0]?.lastError).toContain(where);
  expect(await callTool(manager, 'it', 'greet')).toMatchObject({ kind: 'not-sent' });
  expect(textOf(await callTool(manager, 'well', 'greet'))).toBe('hello');
});

test.each([
  ['made out to another name', 'elsewhere'],
  ['of somebody else', 'person'],
])('a certificate that is %s is refused before anything is sent', async (_name, name) => {
  const evil = await startEvilHttp(hello, { tls: { cert: text(`${name}.pem`), key: text(`${name}.key`) } });
  const ca = file(name === 'person' ? 'server.pem' : `${name}.pem`);
  const manager = await startManager({ it: { url: evil.url, tls: { ca } } }, { reconnectWaitMs: 300 });
  expect(manager.status()[0]?.lastError).toContain('certificate');
  expect(await callTool(manager, 'it', 'greet')).toMatchObject({ kind: 'not-sent' });
  expect(evil.seen).toEqual([]);
});
