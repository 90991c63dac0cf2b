/** What `countersign doctor` says of a place where one thing is wrong; each row breaks one thing of a healthy place. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canonicalJson } from '../../../mcp-bridge/core/canonical-json.ts';
import { openLedger } from '../../../mcp-bridge/ledger/open-ledger.ts';
import { runDoctor } from '../../../mcp-bridge/process/commands/doctor.ts';
import { nodeCheck } from '../../../mcp-bridge/process/commands/doctor-checks.ts';
import { createClock, sha256 } from '../../../mcp-bridge/process/system.ts';
import { printed } from '../../support/connect-fixture.ts';
import { type ShimFixture, startShimBridge } from '../../support/shim-fixture.ts';

const secret = 'settings-key';
type Healthy = ShimFixture & {
  readonly port: number;
  doctor(): Promise<{ status: number; text: string; wrong: readonly string[] }>;
};

function writeSettings({ dataDir, key }: ShimFixture, port: number, change: object = {}, mac?: string): void {
  const settings = {
    bridgePort: port,
    mcpClients: [{ mcpClientId: 'client-a', keyHash: createHash('sha256').update(key).digest('hex') }],
    servers: {
      node: { server: { command: process.execPath, args: ['--version'] } },
      far: { server: { url: 'https://mcp.example.com/mcp' } },
    },
    ...change,
  };
  const seal = createHmac('sha256', secret).update(canonicalJson(settings)).digest('hex');
  fs.writeFileSync(path.join(dataDir, 'settings.key'), secret, { mode: 0o600 });
  fs.writeFileSync(path.join(dataDir, 'settings.json'), JSON.stringify({ settings, mac: mac ?? seal }), {
    mode: 0o600,
  });
}

async function healthy(): Promise<Healthy> {
  const fixture = await startShimBridge();
  fs.chmodSync(fixture.dataDir, 0o700);
  const { port } = fixture.inbound.http;
  writeSettings(fixture, port);
  const ledger = openLedger({ path: path.join(fixture.dataDir, 'ledger.sqlite'), clock: createClock(), sha256 });
  ledger.append({ kind: 'bridge.started', version: randomUUID() });
  ledger.close();
  return {
    ...fixture,
    port,
    async doctor() {
      const { status, stdout } = await printed(() => runDoctor(['--data-dir', fixture.dataDir, '--json']));
      const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean; text: string }[] };
      const text = (await printed(() => runDoctor(['--data-dir', fixture.dataDir]))).stdout;
      return {
        status,
        text,
        wrong: checks.filter((check) => !check.ok).map((check) => `${check.name}: ${check.text}`),
      };
    },
  };
}

test('a healthy place: every line says ok, and none holds a key', async () => {
  const place = await healthy();
  const { status, text, wrong } = await place.doctor();
  expect([status, wrong]).toEqual([0, []]);
  expect(
    text.replaceAll(place.dataDir, 'DATA').replaceAll(process.execPath, 'NODE').replaceAll(String(place.port), 'PORT'),
  ).toBe(
    [
      `ok     Node: ${process.versions.node}`,
      'ok     Data folder: DATA, yours alone',
      'ok     Audit log: 1 records, whole',
      'ok     Keychain: no vault file: tokens are kept in memory only, or nobody has signed in yet',
      'ok     Settings: sealed, and the seal holds',
      'ok     AI client client-a: its key is there',
      'ok     Bridge: running, and it is ours',
      'ok     Port PORT: answers',
      'ok     Server node: NODE --version',
      'ok     Server far: https://mcp.example.com/mcp',
      '',
    ].join('\n'),
  );
  expect(text).not.toContain(place.key);
});

test.skipIf(process.platform === 'win32').each<[string, (place: Healthy) => void | Promise<void>, readonly RegExp[]]>([
  ['the folder is open to others', ({ dataDir }) => fs.chmodSync(dataDir, 0o755), [/^Data folder: .*chmod 700/]],
  ['a record of the log was changed', ({ dataDir }) => spoil(path.join(dataDir, 'ledger.sqlite')), [/^Audit log: /]],
  [
    'the settings were changed by hand',
    (place) => writeSettings(place, place.port, {}, '0'.repeat(64)),
    [/^Settings: .*changed outside/],
  ],
  [
    'the settings are half a file',
    ({ dataDir }) => fs.writeFileSync(path.join(dataDir, 'settings.json'), '{'),
    [/^Settings: .*damaged/],
  ],
  [
    'a key file is missing',
    ({ dataDir }) => fs.rmSync(path.join(dataDir, 'clients', 'client-a.key')),
    [/^AI client client-a: .*missing: .*New key/, /^Bridge: cannot be asked/, /^Port \d+: /],
  ],
  [
    'a key file is open to others',
    ({ dataDir }) => fs.chmodSync(path.join(dataDir, 'clients', 'client-a.key'), 0o644),
    [/^AI client client-a: .*chmod 600/, /^Bridge: cannot be asked/, /^Port \d+: /],
  ],
  [
    'a key file holds another key',
    ({ dataDir }) => fs.writeFileSync(path.join(dataDir, 'clients', 'client-a.key'), 'cs_other\n'),
    [/^AI client client-a: .*another key/, /^Bridge: /, /^Port \d+: /],
  ],
  ['the bridge is not running', ({ inbound }) => inbound.close(), [/^Bridge: Countersign is not running/]],
  [
    'another program holds the port, and the bridge is not running',
    async ({ inbound, port }) => {
      await inbound.close();
      await listenOn(port);
    },
    [/^Bridge: /, /^Port \d+: another program holds it/],
  ],
  [
    'the program of a server is gone',
    (place) => writeSettings(place, place.port, { servers: { gone: { server: { command: '/nowhere/at-all' } } } }),
    [/^Server gone: no program "\/nowhere\/at-all" was found/],
  ],
  [
    'a vault file is open to others',
    ({ dataDir }) => {
      fs.mkdirSync(path.join(dataDir, 'vault'));
      fs.writeFileSync(path.join(dataDir, 'vault', 'vault.json'), '{}', { mode: 0o644 });
    },
    [/^Keychain: .*chmod 600/],
  ],
])('%s', async (_name, spoilIt, expected) => {
  const place = await healthy();
  await spoilIt(place);
  const { status, wrong } = await place.doctor();
  expect([status, wrong]).toEqual([1, expected.map((line) => expect.stringMatching(line))]);
});

test('no data folder at all', async () => {
  const { status, stdout } = await printed(() => runDoctor(['--data-dir', '/nowhere/at-all']));
  expect([status, stdout]).toEqual([1, expect.stringContaining('wrong  Data folder: /nowhere/at-all is not there')]);
});

test.each([
  ['20.19.0', true],
  ['26.0.1', true],
  ['20.18.9', false],
  ['18.15.0', false],
])('Node %s: %s', (version, expected) => expect(nodeCheck(version).ok).toBe(expected));

function spoil(file: string): void {
  const bytes = fs.readFileSync(file);
  const at = bytes.indexOf('bridge.started');
  bytes[at] = 0x42;
  fs.writeFileSync(file, bytes);
}

function listenOn(port: number): Promise<void> {
  const other = createServer((socket) => socket.destroy());
  onTestFinished(() => void other.close());
  return new Promise((resolve) => other.listen(port, '127.0.0.1', resolve));
}
