/** I5: after a real sign-in no token is in any file of the app, nor in what it printed. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { until } from '../../support/desktop.ts';
import { signInWithBrowser } from '../../support/oidc-browser.ts';
import { openWorkplace } from '../../support/workplace.ts';

/** A JWT, or an opaque token as oidc-provider makes them (43 characters), behind a name that says so. */
const jwt = /eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}/;
const namedToken = /(access_token|refresh_token|id_token|accessToken|refreshToken|idToken)\W{1,8}[A-Za-z0-9_-]{20,}/;

test('OA-30, AU-15: signed in, worked, signed out: no token in any file or output', async () => {
  const at = await openWorkplace();
  let printed = '';
  const child = at.desktop.app.process();
  child.stdout?.on('data', (piece) => (printed += String(piece)));
  child.stderr?.on('data', (piece) => (printed += String(piece)));
  try {
    const { dashboard } = at.desktop;
    await dashboard.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Identity' }).click();
    await dashboard.getByRole('button', { name: 'Sign in', exact: true }).click();
    const address = await until('the browser is opened', () => at.desktop.openedAddresses()[0], 30_000);
    await signInWithBrowser(address);
    await dashboard.getByRole('button', { name: 'Sign out' }).waitFor();
    await at.call('files__list_directory', { path: at.scene.notes });

    const leaks = filesBelow(at.scene.dataFolder).filter((file) => {
      const text = fs.readFileSync(file, 'latin1');
      return jwt.test(text) || namedToken.test(text);
    });
    expect(leaks).toEqual([]);
    expect(jwt.test(printed) || namedToken.test(printed)).toBe(false);
    expect(fs.readFileSync(path.join(at.scene.dataFolder, 'settings.json'), 'utf8')).not.toContain(at.key);
    const memory = await at.state();
    expect(JSON.stringify(memory)).not.toMatch(jwt);
  } finally {
    await at.close();
  }
});

function filesBelow(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(file);
    return entry.isFile() ? [file] : [];
  });
}
