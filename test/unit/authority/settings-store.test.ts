import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { initialSettings } from '../../../main/app/initial-settings.ts';
import { openSettings as open, type Settings } from '../../../main/authority/settings-store.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-settings-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const file = () => path.join(folder, 'settings.json');
const initial = () => initialSettings({});
const openSettings = (folder: string, first: Settings) =>
  open(folder, first, {
    write: (sealed) => fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(sealed)),
  });

test('what was set is there at the next start, in files only this user can read', () => {
  openSettings(folder, initial()).update((now) => ({ ...now, phrase: 'silver heron' }));
  expect(openSettings(folder, initial()).get().phrase).toBe('silver heron');
  for (const name of ['settings.json', 'settings.key']) {
    expect((fs.statSync(path.join(folder, name)).mode & 0o777).toString(8)).toBe('600');
  }
});

test.each<[string, (text: string) => string]>([
  ['one changed letter', (text) => text.replace('silver', 'sliver')],
  [
    'an added server',
    (text) =>
      text.replace(
        '"servers": {}',
        '"servers": {"evil": {"addedAt": "2026-01-01T00:00:00.000Z", "server": {"command": "sh"}}}',
      ),
  ],
  ['a dropped freeze', (text) => text.replace(/"guardrails": \[[^\]]*\]/, '"guardrails": []')],
  ['another seal', (text) => text.replace(/"mac": "../, '"mac": "00')],
  ['no seal', (text) => text.replace(/"mac"/, '"nomac"')],
  ['half a file', (text) => text.slice(0, text.length / 2)],
  ['an empty file', () => ''],
])('LO-14: settings with %s are set aside and not used', (_name, tamper) => {
  const freeze = {
    kind: 'code-freeze',
    guardrailId: 'f',
    name: 'Freeze',
    from: '2026-01-01T00:00:00.000Z',
    enabled: true,
    repositories: { kind: 'all' },
    branches: { kind: 'all' },
  } as const;
  openSettings(folder, initial()).update((now) => ({ ...now, phrase: 'silver heron', guardrails: [freeze] }));
  const text = JSON.stringify(JSON.parse(fs.readFileSync(file(), 'utf8')), null, 2);
  const changed = tamper(text);
  expect(changed).not.toBe(text);
  fs.writeFileSync(file(), changed);
  const store = openSettings(folder, { ...initial(), phrase: 'fresh start' });
  expect(store.get()).toMatchObject({ phrase: 'fresh start', servers: {}, guardrails: [] });
  expect(store.problem).toMatch(/not used/);
  expect(fs.readdirSync(folder).some((name) => name.includes('.refused-'))).toBe(true);
});

test('settings that do not fit the schema are refused before they are written', () => {
  const store = openSettings(folder, initial());
  const before = store.get();
  expect(() => store.update((now) => ({ ...now, bridgePort: 99_999 }))).toThrow();
  expect(store.get()).toBe(before);
});

test('LO-13: a link planted as the key is not followed', () => {
  fs.writeFileSync(path.join(folder, 'elsewhere'), 'known key known key known key 32');
  fs.symlinkSync(path.join(folder, 'elsewhere'), path.join(folder, 'settings.key'));
  expect(() => openSettings(folder, initial())).toThrow();
});

test('each purpose has a key of its own that stays the same', () => {
  const [first, again] = [openSettings(folder, initial()), openSettings(folder, initial())];
  expect(first.keyFor('pins')).toMatch(/^[0-9a-f]{64}$/);
  expect(again.keyFor('pins')).toBe(first.keyFor('pins'));
  expect(first.keyFor('other')).not.toBe(first.keyFor('pins'));
});

test.each<[string, (key: string) => void]>([
  ['is empty', (key) => fs.truncateSync(key)],
  ['is cut', (key) => fs.truncateSync(key, 16)],
])('LO-14: settings whose key %s are not used, and the next ones have a whole key', (_name, damage) => {
  openSettings(folder, initial()).update((now) => ({ ...now, phrase: 'silver heron' }));
  const key = path.join(folder, 'settings.key');
  damage(key);
  const store = openSettings(folder, { ...initial(), phrase: 'fresh start' });
  expect([store.get().phrase, store.problem]).toEqual(['fresh start', expect.stringMatching(/not used/)]);
  expect(fs.statSync(key).size).toBe(32);
});

test.each<[string, (key: string) => void]>([
  ['others may read', (key) => fs.chmodSync(key, 0o644)],
  ['has a second name', (key) => fs.linkSync(key, `${key}.too`)],
])('LO-13: a key that %s is not used', (_name, spoil) => {
  openSettings(folder, initial());
  spoil(path.join(folder, 'settings.key'));
  expect(() => openSettings(folder, initial())).toThrow();
});

test('what cannot be written did not happen', () => {
  let full = false;
  const store = open(folder, initial(), {
    write(sealed) {
      if (full) throw new Error('disk full');
      fs.writeFileSync(file(), JSON.stringify(sealed));
    },
  });
  const before = store.get();
  full = true;
  expect(() => store.update((now) => ({ ...now, phrase: 'silver heron' }))).toThrow('disk full');
  expect(store.get()).toBe(before);
});
