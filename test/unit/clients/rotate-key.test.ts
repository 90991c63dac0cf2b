import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type PairedClient, pairMcpClient, writeKeyFile } from '../../../main/clients/pairing.ts';
import { rotateKey } from '../../../main/clients/rotate-key.ts';
import { hashClientKey } from '../../../mcp-bridge/inbound/client-keys.ts';

type Step = 'save' | 'audit' | 'tellBridge';

function fixture(fails?: Step) {
  const dataFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-rotate-'));
  onTestFinished(() => fs.rmSync(dataFolder, { recursive: true, force: true }));
  const { paired, key } = pairMcpClient('Codex', [], 0);
  writeKeyFile(dataFolder, 'codex', key);
  const folder = path.join(dataFolder, 'clients');
  let settings: PairedClient = paired;
  let bridge: PairedClient = paired;
  let left = fails;
  const may = (step: Step): void => {
    if (left !== step) return;
    left = undefined;
    throw new Error(`no ${step}`);
  };
  const rotate = () =>
    rotateKey(paired, {
      dataFolder,
      save(next) {
        may('save');
        settings = next;
      },
      audit: async () => may('audit'),
      async tellBridge() {
        may('tellBridge');
        bridge = settings;
      },
    });
  const hashOnDisk = () => hashClientKey(fs.readFileSync(path.join(folder, 'codex.key'), 'utf8').trim());
  const everywhere = () => [settings.keyHash, hashOnDisk(), bridge.keyHash];
  return { folder, paired, rotate, everywhere };
}

test('a new key is in the settings, in the shim’s file and in the bridge', async () => {
  const { rotate, everywhere, paired } = fixture();
  const { key } = await rotate();
  expect(everywhere()).toEqual(Array(3).fill(hashClientKey(key)));
  expect(hashClientKey(key)).not.toBe(paired.keyHash);
});

test.each<[string, Step | undefined, (folder: string) => void]>([
  [
    'the key file cannot be written',
    undefined,
    (folder) => {
      fs.chmodSync(folder, 0o777); // others may write there: no key is put into it, also as root
    },
  ],
  ['the settings cannot be written', 'save', () => {}],
  ['the change cannot be recorded', 'audit', () => {}],
  ['the bridge does not take it', 'tellBridge', () => {}],
])('LO-05 where %s, the old key holds everywhere', async (_name, fails, spoil) => {
  const { folder, rotate, everywhere, paired } = fixture(fails);
  spoil(folder);
  await expect(rotate()).rejects.toMatchObject({ code: 'client.key-not-changed' });
  expect(everywhere()).toEqual(Array(3).fill(paired.keyHash));
  expect(fs.readdirSync(folder)).toEqual(['codex.key']);
});
