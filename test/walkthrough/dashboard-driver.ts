/** What a person does in the dashboard, by role and name. */
import type { Page } from 'playwright';
import { until } from '../support/desktop.ts';

export async function goTo(dashboard: Page, page: string): Promise<void> {
  await dashboard
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('button', { name: new RegExp(`^${page}`) })
    .click();
  await dashboard.getByRole('heading', { level: 1, name: page }).waitFor();
}

export type ServerEntry = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environmentVariables?: Readonly<Record<string, string>>;
};

/** Adds a server and accepts its tools after looking at them: nothing can be called before that. */
export async function addServer(dashboard: Page, server: ServerEntry): Promise<number> {
  await goTo(dashboard, 'Servers');
  const form = dashboard.getByRole('region', { name: 'Add a server' });
  await form.getByLabel('Name').fill(server.name);
  await form.getByLabel('Command').fill(server.command);
  await form.getByLabel('Arguments, one a line').fill(server.args.join('\n'));
  const variables = Object.entries(server.environmentVariables ?? {});
  await form
    .getByLabel('Environment variables, one a line')
    .fill(variables.map(([name, value]) => `${name}=${value}`).join('\n'));
  await form.getByRole('button', { name: 'Add server' }).click();
  const card = dashboard.getByRole('region', { name: server.name, exact: true });
  await card.getByText(/tools? to review/).waitFor({ timeout: 60_000 });
  const tools = await card.getByRole('checkbox').count();
  for (const box of await card.getByRole('checkbox').all()) await box.check();
  await card.getByRole('button', { name: /^Accept \d+ tools?$/ }).click();
  await card.getByText(/tools? to review/).waitFor({ state: 'detached', timeout: 30_000 });
  return tools;
}

/** Pairs an AI client and reads what is shown once. The key stays in this process. */
export async function pairAiClient(dashboard: Page, name: string): Promise<{ key: string; url: string }> {
  await goTo(dashboard, 'AI clients');
  await dashboard.getByLabel('Name').fill(name);
  await dashboard.getByRole('button', { name: 'Create key' }).click();
  const card = dashboard.getByRole('region', { name: 'Key created' });
  const key = await card.getByText(/^cs_[A-Za-z0-9_-]{43}$/).innerText();
  const url = await card
    .getByText(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/)
    .first()
    .innerText();
  await card.getByRole('button', { name: 'Done' }).click();
  return { key: key.trim(), url: url.trim() };
}

export async function switchOnFreeze(dashboard: Page, name: string): Promise<void> {
  await goTo(dashboard, 'Guardrails');
  await dashboard.getByRole('button', { name: 'New freeze' }).click();
  const form = dashboard.getByRole('form', { name: 'New code freeze' });
  await form.getByLabel('Name').fill(name);
  await form.getByRole('button', { name: 'Save freeze' }).click();
  await dashboard.getByText('In force').waitFor();
}

export async function switchOffFreeze(dashboard: Page, name: string): Promise<void> {
  await goTo(dashboard, 'Guardrails');
  await dashboard.getByRole('switch', { name }).click();
  await dashboard.getByText('Off', { exact: true }).waitFor();
}

export async function revokeGrant(dashboard: Page, sentence: RegExp): Promise<void> {
  await goTo(dashboard, 'Permissions');
  const revoke = dashboard.getByRole('button', { name: sentence }).filter({ hasText: 'Revoke' });
  await revoke.click();
  await until('the permission is gone', async () => (await revoke.count()) === 0);
}
