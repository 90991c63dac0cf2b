/** A remote server that wants a sign-in, from adding it to signing out, in the real app with a real browser. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { DashboardApi } from '../../../main/ipc/surface-api.ts';
import { type Desktop, openDesktop, until } from '../../support/desktop.ts';
import { signInWithBrowser } from '../../support/oidc-browser.ts';
import {
  type AuthorizationServerUnderTest,
  type ProtectedServer,
  startAuthorizationServer,
  startProtectedServer,
} from '../../support/protected-upstream.ts';
import { connect, stateOf } from '../../support/workplace.ts';

test.describe.configure({ timeout: 120_000 });

const ends: (() => void)[] = [];
const atEnd = (end: () => void) => void ends.push(end);
let folder: string;
let desktop: Desktop;
let upstream: ProtectedServer;
let authorizationServer: AuthorizationServerUnderTest;
test.beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-sign-in-'));
  upstream = await startProtectedServer(atEnd, () => authorizationServer);
  authorizationServer = await startAuthorizationServer(atEnd, () => upstream.origin);
  desktop = await openDesktop({
    dataFolder: path.join(folder, 'data'),
    environment: { COUNTERSIGN_BRIDGE_PORT: '0' },
  });
});
test.afterEach(async () => {
  await desktop.close();
  for (const end of ends.splice(0)) end();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Inside the page: `stateOf` has put it there. */
declare function api(): DashboardApi;

const server = async () => (await stateOf(desktop)).servers[0];

test('the person signs in at the place the button names; AI clients hear who has to, and never see a token', async () => {
  const { dashboard } = desktop;
  await until('the bridge is ready', async () => (await stateOf(desktop)).bridge.state === 'ready', 30_000);
  await dashboard.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Servers' }).click();
  await dashboard.getByRole('radio', { name: 'Address' }).check();
  await dashboard.getByRole('textbox', { name: 'Name' }).fill('notes');
  await dashboard.getByRole('textbox', { name: 'Address' }).fill(upstream.url);
  await dashboard.getByRole('button', { name: 'Add server' }).click();
  const button = dashboard.getByRole('button', { name: 'Sign in to notes' });
  await button.waitFor();
  await expect(dashboard.getByText(`Your browser will open at ${authorizationServer.issuer}`)).toBeVisible();
  expect(desktop.openedAddresses()).toEqual([]);

  await button.click();
  const address = await until('the browser is opened', () => desktop.openedAddresses()[0], 30_000);
  expect(new URL(address).origin).toBe(authorizationServer.issuer);
  await signInWithBrowser(address);
  await until('the server is ready', async () => (await server())?.state === 'ready', 30_000);
  await expect(dashboard.getByText('Signed in at')).toBeVisible();
  await dashboard.getByRole('button', { name: 'Tick all without findings' }).click();
  await dashboard.getByRole('button', { name: 'Accept 2 tools' }).click();

  const reply = await dashboard.evaluate(() => api().call['mcp-clients:pair']({ name: 'Claude Code' }));
  if (!reply.ok) throw new Error(reply.message);
  const mcpClient = await connect(reply.value.url, reply.value.key);
  const read = await mcpClient.callTool({ name: 'notes__read_note', arguments: {} });
  expect(read).toMatchObject({ content: [{ type: 'text', text: 'read_note done' }] });
  expect(upstream.calls).toEqual(['read_note']);

  await dashboard.getByRole('button', { name: 'Sign out of notes' }).click();
  await dashboard.getByRole('button', { name: 'Sign in to notes' }).waitFor();
  const refused = await mcpClient.callTool({ name: 'notes__read_note', arguments: {} });
  expect(refused).toMatchObject({ isError: true });
  expect(JSON.stringify(refused)).toContain('has to sign in to this server first');
  expect(upstream.calls).toEqual(['read_note']);
  await until(
    'the tokens are revoked',
    () => authorizationServer.requests.filter(({ line }) => line === 'POST /token/revocation').length === 2,
  );
  await expect
    .poll(async () => (await stateOf(desktop)).calls.map(({ outcome }) => outcome))
    .toEqual(['not-sent', 'succeeded']);
  await mcpClient.close();
});
