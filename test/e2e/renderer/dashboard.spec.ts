/** The dashboard in a plain Chromium, under the app's own policy, with a fake of main. */
import { type Browser, expect, test } from '@playwright/test';
import type { DashboardState } from '../../../main/ipc/dashboard-state.ts';
import { launchChromium, type Opened, openSurface } from '../../support/renderer-browser.ts';
import { type RendererPages, serveRenderers } from '../../support/renderer-pages.ts';
import { emptyDashboard, fullDashboard } from '../../support/sample-dashboards.ts';

let browser: Browser;
let pages: RendererPages;
test.beforeAll(async () => {
  [browser, pages] = await Promise.all([launchChromium(), serveRenderers()]);
});
test.afterAll(async () => {
  await browser.close();
  await pages.close();
});

let opened: Opened | undefined;
test.afterEach(async () => {
  expect(opened?.problems).toEqual([]);
  await opened?.page.context().close();
});

async function open(
  state: DashboardState,
  tab?: string,
  size = { width: 1180, height: 760 },
  zoom = 1,
): Promise<Opened> {
  opened = await openSurface(browser, pages.url, 'dashboard', {
    ...size,
    zoom,
    replies: { 'dashboard:state': { ok: true, value: state } },
  });
  if (tab !== undefined) await opened.page.getByRole('navigation').getByRole('button', { name: tab }).click();
  return opened;
}
const TABS = ['Home', 'Permissions', 'Activity', 'Servers', 'AI clients', 'Identity', 'Guardrails'];

test('every page has “Stop everything”; one press sends it', async () => {
  const { page, sent } = await open(fullDashboard(Date.now()));
  for (const tab of TABS) {
    await page.getByRole('navigation').getByRole('button', { name: tab }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(tab);
    await page.getByRole('button', { name: 'Stop everything' }).click();
  }
  expect(await sent('stop:everything')).toEqual(TABS.map(() => ({})));
});

test('stopped is said until main says otherwise, and can be resumed', async () => {
  const { page, sent, push } = await open(fullDashboard(Date.now()));
  const stopped = { reason: 'You pressed “Stop everything”.', at: new Date().toISOString() };
  await push('dashboard:changed', { ...fullDashboard(Date.now()), stopped });
  await expect(page.getByRole('alert')).toContainText('Stopped: You pressed “Stop everything”.');
  await page.getByRole('button', { name: 'Resume' }).click();
  expect(await sent('stop:resume')).toEqual([{}]);
  await expect(page.getByRole('alert')).toBeVisible();
  await push('dashboard:changed', fullDashboard(Date.now()));
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a failure stands beside what failed, with the mend', async () => {
  const { page, answerWith } = await open(fullDashboard(Date.now()), 'Permissions');
  await answerWith('grants:revoke', {
    ok: false,
    code: 'vault.unavailable',
    message: 'The keychain is locked. Unlock it.',
  });
  await page.getByRole('button', { name: 'Revoke May commit to shop-api on main' }).click();
  await expect(page.getByRole('alert')).toHaveText('The keychain is locked. Unlock it.');
  await expect(page.getByText('May commit to shop-api on main')).not.toHaveCount(0);
});

test('revoking names the grant and changes nothing by itself', async () => {
  const { page, sent } = await open(fullDashboard(Date.now()), 'Permissions');
  await page.getByRole('button', { name: 'Revoke May commit to shop-api on main' }).click();
  expect(await sent('grants:revoke')).toEqual([{ grantId: 'g2' }]);
  await expect(page.getByRole('button', { name: /^Revoke/ })).toHaveCount(3);
});

test('a review ticks nothing in advance and accepts the exact definitions', async () => {
  const { page, sent } = await open(fullDashboard(Date.now()), 'Servers');
  for (const box of await page.getByRole('checkbox').all()) await expect(box).not.toBeChecked();
  await expect(page.getByRole('button', { name: 'Accept', exact: true })).toBeDisabled();
  await page.getByRole('button', { name: 'Tick all without findings' }).click();
  await expect(page.getByRole('checkbox', { name: 'write_file changed' })).not.toBeChecked();
  await page.getByRole('button', { name: 'Accept 1 tool' }).click();
  expect(await sent('servers:accept-tools')).toEqual([
    { serverId: 'files', tools: [{ toolName: 'move_file', definitionHash: 'hash-move_file' }] },
  ]);
});

test('a tick is gone when the definition changes again', async () => {
  const state = fullDashboard(Date.now());
  const { page, push } = await open(state, 'Servers');
  await page.getByRole('checkbox', { name: 'move_file new' }).check();
  const servers = state.servers.map((each) => ({
    ...each,
    tools: each.tools.map((tool) => (tool.name === 'move_file' ? { ...tool, definitionHash: 'other' } : tool)),
  }));
  await push('dashboard:changed', { ...state, servers });
  await expect(page.getByRole('checkbox', { name: 'move_file new' })).not.toBeChecked();
});

test('pairing shows the key once', async () => {
  const { page, sent, answerWith } = await open(emptyDashboard(), 'AI clients');
  const value = {
    mcpClientId: 'c1',
    key: 'csk_example',
    url: 'http://127.0.0.1:47100/mcp',
    snippets: [{ title: 'Claude Code', command: 'node cli.js connect …', language: 'shell', text: 'claude mcp add …' }],
  };
  await answerWith('mcp-clients:pair', { ok: true, value });
  await page.getByRole('textbox', { name: 'Name' }).fill('Claude Code');
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('csk_example', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Copy the key' }).click();
  expect(await sent('clipboard:copy')).toEqual([{ text: 'csk_example' }]);
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('csk_example')).toHaveCount(0);
  expect(await sent('mcp-clients:pair')).toEqual([{ name: 'Claude Code' }]);
});

test('a new key asks once, ends the old one and is shown as the first was', async () => {
  const { page, sent, answerWith } = await open(fullDashboard(Date.now()), 'AI clients');
  const snippets = [{ title: 'Codex', command: 'node cli.js connect codex', language: 'toml', text: '[x]' }];
  const value = { mcpClientId: 'codex', key: 'csk_second', url: 'http://127.0.0.1:47100/mcp', snippets };
  await answerWith('mcp-clients:rotate', { ok: true, value });
  await page.getByRole('button', { name: 'New key Codex' }).click();
  expect(await sent('mcp-clients:rotate')).toEqual([]);
  await page.getByRole('button', { name: 'Make a new one' }).click();
  await expect(page.getByText('csk_second', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Copy the command for Codex' }).click();
  expect(await sent('clipboard:copy')).toEqual([{ text: 'node cli.js connect codex' }]);
  expect(await sent('mcp-clients:rotate')).toEqual([{ mcpClientId: 'codex' }]);
});

test('an AI client is offered all servers, or those that are ticked', async () => {
  const state = fullDashboard(Date.now());
  const { page, sent, push } = await open(state, 'AI clients');
  const serverIds = state.servers.map(({ serverId }) => serverId);
  await page.getByText('Servers: all of Codex').click();
  const offered = page.getByRole('group', { name: 'Servers offered to Codex' });
  await expect(offered.getByRole('checkbox')).toHaveCount(0);
  await offered.getByRole('radio', { name: 'Only these' }).click();
  const mcpClients = state.mcpClients.map((each) => (each.mcpClientId === 'codex' ? { ...each, serverIds } : each));
  await push('dashboard:changed', { ...state, mcpClients });
  await offered.getByRole('checkbox', { name: serverIds[0] ?? '', exact: true }).click();
  expect(await sent('mcp-clients:offer-servers')).toEqual([
    { mcpClientId: 'codex', serverIds },
    { mcpClientId: 'codex', serverIds: serverIds.slice(1) },
  ]);
});

test('removing asks once, and the safe answer has the focus', async () => {
  const { page, sent } = await open(fullDashboard(Date.now()), 'AI clients');
  await page.getByRole('button', { name: 'Remove Codex' }).click();
  await expect(page.getByRole('button', { name: 'Keep' })).toBeFocused();
  await page.getByRole('button', { name: 'Keep' }).click();
  expect(await sent('mcp-clients:remove')).toEqual([]);
  await page.getByRole('button', { name: 'Remove Codex' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  expect(await sent('mcp-clients:remove')).toEqual([{ mcpClientId: 'codex' }]);
});

test('a code freeze is made, switched and removed', async () => {
  const { page, sent } = await open(fullDashboard(Date.now()), 'Guardrails');
  await page.getByRole('button', { name: 'New freeze' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Audit');
  await page.getByRole('radio', { name: 'Only these branches' }).check();
  await expect(page.getByRole('button', { name: 'Save freeze' })).toBeDisabled();
  await page.getByRole('textbox', { name: /^Names of branches/ }).fill('main\nrelease/*');
  await page.getByRole('button', { name: 'Save freeze' }).click();
  expect(await sent('guardrails:save')).toMatchObject([
    {
      kind: 'code-freeze',
      name: 'Audit',
      enabled: true,
      repositories: { kind: 'all' },
      branches: { kind: 'only', patterns: ['main', 'release/*'] },
    },
  ]);
  await page.getByRole('switch', { name: 'Year end' }).click();
  await expect(page.getByRole('switch', { name: 'Year end' })).not.toBeChecked();
  expect((await sent('guardrails:save')).at(-1)).toMatchObject({ guardrailId: 'freeze-2', enabled: true });
});

test('older calls are asked for from the last one shown', async () => {
  const state = fullDashboard(Date.now());
  const { page, sent, answerWith } = await open(state, 'Activity');
  const older = { ...state.calls[1], callId: 'c0', headline: 'Read something older' };
  await answerWith('calls:older', { ok: true, value: { calls: [older] } });
  await page.getByRole('button', { name: 'Show older calls' }).click();
  await expect(page.getByText('Read something older')).toBeVisible();
  await answerWith('calls:older', { ok: true, value: { calls: [] } });
  await page.getByRole('button', { name: 'Show older calls' }).click();
  await expect(page.getByText('That is everything.')).toBeVisible();
  expect(await sent('calls:older')).toEqual([{ before: 'c6' }, { before: 'c0' }]);
});

test('the first steps lead on as they are done', async () => {
  const { page, sent, push } = await open(emptyDashboard());
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await sent('identity:sign-in')).toEqual([{}]);
  await push('dashboard:changed', { ...emptyDashboard(), identity: fullDashboard(Date.now()).identity });
  await page.getByRole('button', { name: 'Go to Servers' }).click();
  await page.getByRole('button', { name: 'Add demo servers' }).click();
  expect(await sent('servers:add-demo')).toEqual([{}]);
});

test('a server is added as typed', async () => {
  const { page, sent } = await open(emptyDashboard(), 'Servers');
  await page.getByRole('textbox', { name: 'Name' }).fill('files');
  await page.getByRole('textbox', { name: 'Command' }).fill('npx');
  await page.getByRole('textbox', { name: 'Arguments, one a line' }).fill('-y\nserver-filesystem\n/home/ada/my files');
  await page.getByRole('button', { name: 'Add server' }).click();
  expect(await sent('servers:add')).toEqual([
    { serverId: 'files', command: 'npx', args: ['-y', 'server-filesystem', '/home/ada/my files'] },
  ]);
});

function signInTo(signIn: NonNullable<DashboardState['servers'][number]['signIn']>): DashboardState {
  const state = fullDashboard(Date.now());
  const server = {
    serverId: 'crm',
    endpoint: 'https://mcp.crm.example/mcp',
    state: signIn.status === 'signed-in' ? 'ready' : 'sign-in-needed',
    signIn,
    tools: [],
  } as const;
  return { ...state, servers: [{ ...server, tools: [] }] };
}
const issuer = 'https://login.crm.example';
const signedInAt = new Date().toISOString();

test('a sign-in to a server names the place before it is pressed, and the press names it again', async () => {
  const { page, sent } = await open(
    signInTo({ status: 'needed', issuer, scopes: ['contacts:read'], why: 'not-signed-in' }),
    'Servers',
  );
  await expect(page.getByText('Sign-in needed')).toBeVisible();
  await expect(page.getByText(`Your browser will open at ${issuer}`)).toBeVisible();
  await expect(page.getByText('It asks for contacts:read')).toBeVisible();
  await expect(page.getByRole('navigation').getByRole('button', { name: 'Servers 1 to look at' })).toBeVisible();
  await page.getByRole('button', { name: 'Sign in to crm' }).click();
  expect(await sent('servers:sign-in')).toEqual([{ serverId: 'crm', issuer, scopes: ['contacts:read'] }]);
});

test('OA-03: a sign-in page that is not the issuer’s is named beside it, and goes along with the press', async () => {
  const browserAt = 'https://accounts.example';
  const { page, sent } = await open(
    signInTo({ status: 'needed', issuer, browserAt, scopes: [], why: 'not-signed-in' }),
    'Servers',
  );
  await expect(page.getByText(`Your browser will open at ${browserAt}. Whoever runs ${issuer} gets`)).toBeVisible();
  await page.getByRole('button', { name: 'Sign in to crm' }).click();
  expect(await sent('servers:sign-in')).toEqual([{ serverId: 'crm', issuer, scopes: [], browserAt }]);
});

test('a sign-in that the server refuses can be ended as well as renewed', async () => {
  const { page, sent } = await open(signInTo({ status: 'needed', issuer, scopes: [], why: 'refused' }), 'Servers');
  await page.getByRole('button', { name: 'Sign out of crm' }).click();
  expect(await sent('servers:sign-out')).toEqual([{ serverId: 'crm' }]);
});

test('OA-26: another place than before is said to be another', async () => {
  const { page } = await open(
    signInTo({ status: 'needed', issuer, formerIssuer: 'https://id.crm.example', scopes: [], why: 'refused' }),
    'Servers',
  );
  await expect(page.getByText('It led to https://id.crm.example before.')).toBeVisible();
});

test('a sign-in that is under way can be cancelled, and is no failure', async () => {
  const state = signInTo({ status: 'signing-in', issuer });
  const servers = state.servers.map((each) => ({
    ...each,
    state: 'sign-in-needed' as const,
    lastError: 'sign in first',
  }));
  const { page, sent } = await open({ ...state, servers }, 'Servers');
  await expect(page.getByText('Signing in', { exact: true })).toBeVisible();
  await expect(page.locator('.alert-danger')).toHaveCount(0);
  await page.getByRole('button', { name: 'Cancel sign-in' }).click();
  expect(await sent('servers:cancel-sign-in')).toEqual([{ serverId: 'crm' }]);
});

test('signed in: what was given, what more a call needs, and the way out', async () => {
  const { page, sent } = await open(
    signInTo({
      status: 'signed-in',
      issuer,
      grantedScopes: ['contacts:read'],
      unaskedScopes: ['admin:all'],
      signedInAt,
      more: { issuer, scopes: ['contacts:write'] },
    }),
    'Servers',
  );
  await expect(page.getByText('Given without being asked for')).toBeVisible();
  await page.getByRole('button', { name: 'Sign in for more to crm' }).click();
  expect(await sent('servers:sign-in')).toEqual([{ serverId: 'crm', issuer, scopes: ['contacts:write'] }]);
  await page.getByRole('button', { name: 'Sign out of crm' }).click();
  expect(await sent('servers:sign-out')).toEqual([{ serverId: 'crm' }]);
});

test('OA-28, DG-01: scopes and failures of a stranger are drawn as inert text', async () => {
  const { page } = await open(
    signInTo({ status: 'needed', issuer, scopes: ['a\u202eb'], why: 'not-signed-in', failure: 'no\u200b more' }),
    'Servers',
  );
  await expect(page.locator('.escape')).toHaveCount(2);
});

test('an OAuth client of one’s own goes along with the address', async () => {
  const { page, sent } = await open(emptyDashboard(), 'Servers');
  await page.getByRole('radio', { name: 'Address' }).check();
  await page.getByRole('textbox', { name: 'Name' }).fill('crm');
  await page.getByRole('textbox', { name: 'Address' }).fill('https://mcp.crm.example/mcp');
  await page.getByText('It gave me an OAuth client').click();
  await page.getByRole('textbox', { name: 'OAuth client id' }).fill('app-7');
  await page.getByLabel('OAuth client secret').fill('hush');
  await page.getByRole('button', { name: 'Add server' }).click();
  expect(await sent('servers:add')).toEqual([
    { serverId: 'crm', url: 'https://mcp.crm.example/mcp', oauthClientId: 'app-7', oauthClientSecret: 'hush' },
  ]);
});

for (const [name, state] of [
  ['full', fullDashboard(Date.now())],
  ['signing in', signInTo({ status: 'needed', issuer, scopes: ['contacts:read'], why: 'not-signed-in' })],
  ['empty', emptyDashboard()],
] as const) {
  for (const zoom of [1, 2]) {
    test(`nothing runs over the edge: ${name} at ${zoom * 100} % of 900×600`, async () => {
      const { page } = await open(state, undefined, { width: 900, height: 600 }, zoom);
      for (const tab of TABS) {
        await page.getByRole('navigation').getByRole('button', { name: tab }).click();
        const over = await page.evaluate(
          () =>
            [document.documentElement, ...document.querySelectorAll('main, .card')].filter(
              (element) => element.scrollWidth > element.clientWidth + 1,
            ).length,
        );
        expect({ tab, over }).toEqual({ tab, over: 0 });
      }
    });
  }
}
