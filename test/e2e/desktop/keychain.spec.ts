/** OA-30, I5: with a real keychain a sign-in outlives the app, and no token is readable in anything it leaves behind. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { type Desktop, openDesktop, until } from '../../support/desktop.ts';
import { type Keychain, openKeychain } from '../../support/keychain.ts';
import { signInWithBrowser } from '../../support/oidc-browser.ts';
import { stateOf } from '../../support/workplace.ts';

test.skip(process.platform !== 'linux', 'a Secret Service is a thing of Linux');
test.describe.configure({ timeout: 180_000 });

let keychain: Keychain;
test.beforeEach(async () => {
  keychain = await openKeychain();
});
test.afterEach(() => keychain.close());

const dataFolder = () => path.join(keychain.home, 'data');
const vaultFile = () => path.join(dataFolder(), 'vault', 'vault.json');
const open = (env: Readonly<Record<string, string>> = {}): Promise<Desktop> =>
  openDesktop({
    dataFolder: dataFolder(),
    environment: { ...keychain.env, ...env, COUNTERSIGN_BRIDGE_PORT: '0' },
  });

async function signIn(desktop: Desktop): Promise<void> {
  await desktop.dashboard.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Identity' }).click();
  await desktop.dashboard.getByRole('button', { name: 'Sign in', exact: true }).click();
  await signInWithBrowser(await until('the browser is opened', () => desktop.openedAddresses()[0], 30_000));
  await desktop.dashboard.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** Everything below the home that reads like a token: a JWT, or an opaque one behind a name that says so. */
function leaks(): string[] {
  const jwt = /eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}/;
  const named = /(access_token|refresh_token|id_token|accessToken|refreshToken|idToken)\W{1,8}[A-Za-z0-9_-]{20,}/;
  return filesBelow(keychain.home).filter((file) => {
    const text = fs.readFileSync(file, 'latin1');
    return jwt.test(text) || named.test(text);
  });
}

function filesBelow(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(file);
    return entry.isFile() ? [file] : [];
  });
}

test('OA-30: who signed in is signed in after a restart, and signed out after signing out', async () => {
  let desktop = await open();
  try {
    expect((await stateOf(desktop)).vault.mode).toBe('encrypted');
    await signIn(desktop);
    const { identity } = await stateOf(desktop);
    expect(identity.status).toBe('signed-in');
    expect(leaks()).toEqual([]);
    expect((fs.statSync(vaultFile()).mode & 0o777).toString(8)).toBe('600');
    await desktop.close();
    expect(leaks()).toEqual([]);

    desktop = await open();
    expect((await stateOf(desktop)).identity).toEqual(identity);
    const { dashboard } = desktop;
    await dashboard.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Identity' }).click();
    await dashboard.getByRole('button', { name: 'Sign out' }).click();
    await dashboard.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    expect(fs.existsSync(vaultFile())).toBe(false);
    await desktop.close();

    desktop = await open();
    expect((await stateOf(desktop)).identity.status).toBe('signed-out');
    expect(leaks()).toEqual([]);
  } finally {
    await desktop.close();
  }
});

test('OA-30: the profile copied to where there is no such keychain signs nobody in', async () => {
  let desktop = await open();
  try {
    await signIn(desktop);
    await desktop.close();
    const sealed = fs.readFileSync(vaultFile(), 'latin1');

    desktop = await open({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' });
    const state = await stateOf(desktop);
    expect([state.vault.mode, state.identity.status]).toEqual(['memory', 'signed-out']);
    await desktop.close();
    expect(fs.readFileSync(vaultFile(), 'latin1')).toBe(sealed);

    // Another keychain, with another key, on the same profile.
    const stranger = await openKeychain();
    try {
      desktop = await open({ ...stranger.env, HOME: stranger.home });
      const other = await stateOf(desktop);
      expect([other.vault.mode, other.identity.status]).toEqual(['encrypted', 'signed-out']);
      expect(JSON.stringify(other.identity)).toMatch(/another keychain|damaged/);
      await desktop.close();
    } finally {
      await stranger.close();
    }
    expect(execFileSync('find', [dataFolder(), '-perm', '/077', '-type', 'f', '-name', 'vault*']).toString()).toBe('');
  } finally {
    await desktop.close();
  }
});
