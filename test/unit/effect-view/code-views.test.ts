/** Views of code, messages and requests, from the real classifier and parsers to what the window shows. */
import { expect, test } from 'vitest';
import { plainText } from '../../../mcp-bridge/core/approval/plain-text.ts';
import type { EffectView, Section } from '../../../mcp-bridge/core/model/effect-view.ts';
import { effectView as effectViewSchema } from '../../../mcp-bridge/process/effect-view-schema.ts';
import { effectViewOf, type SampleCall, type SampleCallName, sampleCalls } from '../../support/sample-operations.ts';

const sectionOf = <Kind extends Section['kind']>({ sections }: EffectView, kind: Kind) =>
  sections.find((section): section is Extract<Section, { kind: Kind }> => section.kind === kind);
const sql = (text: string, more: Partial<SampleCall> = {}): SampleCall => ({
  ...sampleCalls['sql-delete'],
  arguments: { sql: text },
  ...more,
});
const command = (value: string | readonly string[]): SampleCall => ({
  ...sampleCalls.shell,
  arguments: { command: value },
});

test.each<[SampleCallName, string, string, EffectView['confirmation']]>([
  ['sql-drop', 'DROP TABLE orders in production', 'Drop the table', { kind: 'type-name', name: 'orders' }],
  [
    'sql-delete',
    'DELETE from public.orders on orders-db without WHERE: every row',
    'Delete every row',
    { kind: 'type-name', name: 'public.orders' },
  ],
  ['sql-update', 'UPDATE orders on orders-db: every row', 'Overwrite every row', { kind: 'type-name', name: 'orders' }],
  ['sql-insert', 'Insert into orders on orders-db', 'Approve once', { kind: 'none' }],
  [
    'sql-several',
    'DROP TABLE carts, cart_items in production, and 3 more changes',
    'Run the SQL',
    { kind: 'hold', holdMs: 1500 },
  ],
  ['sql-unread', 'Run SQL that could not be interpreted on orders-db', 'Run the SQL', { kind: 'hold', holdMs: 1500 }],
  ['shell', 'Run rm -rf build on build-box', 'Run the command', { kind: 'type-name', name: 'build' }],
  [
    'shell-long',
    'Run rm -rf /srv/shop-api/releases/2026-1* in a command of 7 lines on build-box (production)',
    'Run the command',
    { kind: 'hold', holdMs: 1500 },
  ],
  [
    'shell-unread',
    'Run a command that could not be interpreted on build-box',
    'Run the command',
    { kind: 'hold', holdMs: 1500 },
  ],
  [
    'message',
    'Send a message to finance@acme.example and 3 more by mail',
    'Send the message',
    { kind: 'hold', holdMs: 1500 },
  ],
  ['chat', 'Send a message to #release by slack', 'Send the message', { kind: 'hold', holdMs: 1500 }],
  ['request', 'Send POST to api.billing.example', 'Send the request', { kind: 'none' }],
  [
    'request-spoofed',
    'Send DELETE to xn--pi-6kc.billing.example',
    'Approve the deletion',
    { kind: 'type-name', name: 'xn--pi-6kc.billing.example' },
  ],
  [
    'unknown-deletion',
    'Delete 3 objects on tracker by delete_issues',
    'Delete 3 objects',
    { kind: 'hold', holdMs: 1500 },
  ],
  ['unknown', 'Run frobnicate on gizmo', 'Approve the deletion', { kind: 'hold', holdMs: 1500 }],
])('%s: %s', async (name, headline, approveLabel, confirmation) => {
  const view = await effectViewOf(sampleCalls[name]);
  expect(effectViewSchema.parse(view)).toEqual(view);
  expect([plainText(view.headline), view.approveLabel, view.confirmation]).toEqual([
    headline,
    approveLabel,
    confirmation,
  ]);
});

test.each<[string, SampleCall, string]>([
  ['DG-22: no WHERE', sql('delete from orders'), 'No WHERE: it reaches every row.'],
  ['DG-22: a WHERE that is always true', sql('delete from orders where 1 = 1'), 'Its WHERE is true of every row.'],
  ['CASCADE', sql('drop table orders cascade'), 'CASCADE: everything that depends on it goes too.'],
  ['CL-06: SQL that is none', sql('selec 1'), 'Could not interpret the SQL, so it is treated as a deletion.'],
  [
    'a user name before the host',
    sampleCalls['request-spoofed'],
    'The address holds a user name or a password before the host.',
  ],
  ['DG-03: look-alike letters of a host', sampleCalls['request-spoofed'], '“аpi” mixes Latin and Cyrillic letters.'],
  [
    'a host on this network',
    { ...sampleCalls.request, arguments: { method: 'POST', url: 'http://169.254.169.254/latest', body: 'x' } },
    'It goes to this machine or to the local network.',
  ],
])('warns of %s', async (_name, sample, warning) => expect((await effectViewOf(sample)).warnings).toContain(warning));

test('the text of code is shown to the character, and its marks lie on what they speak of', async () => {
  const view = await effectViewOf(sampleCalls['sql-several']);
  const section = sectionOf(view, 'code');
  expect(section?.text).toBe(sampleCalls['sql-several'].arguments.sql);
  expect(section?.marks.map(({ start, end }) => section.text.slice(start, end))).toEqual([
    'DROP TABLE carts, cart_items',
    'DELETE FROM sessions',
    'INSERT INTO audit',
    'UPDATE orders',
  ]);
  expect(sectionOf(view, 'list')?.items.map(({ name, detail }) => `${name}: ${detail}`)).toEqual([
    'DROP TABLE carts, cart_items: deletes',
    'DELETE rows from sessions: deletes',
    'Insert into audit: changes',
    'Update rows of orders: changes',
  ]);
});

test('a word of a command with a blank in it is not drawn as two, and the words themselves are listed', async () => {
  const view = await effectViewOf(command(['rm', '-rf', 'a b', "it's"]));
  expect(sectionOf(view, 'code')?.text).toBe(`rm -rf 'a b' 'it'\\''s'`);
  expect(sectionOf(view, 'arguments')?.fields).toMatchObject([
    { name: 'command', value: ['rm', '-rf', 'a b', "it's"] },
  ]);
});

test('DG-06: a long line is never the headline, and is shown whole', async () => {
  const text = `echo ${'a'.repeat(9000)}; rm -rf /srv`;
  const view = await effectViewOf(command(text));
  expect(plainText(view.headline)).toBe(`Run rm -rf /srv in a command of ${text.length} characters on build-box`);
  expect(sectionOf(view, 'code')?.text).toBe(text);
});

test('a message names everyone who gets it by their part, and what is attached', async () => {
  expect(sectionOf(await effectViewOf(sampleCalls.message), 'message')).toEqual({
    kind: 'message',
    recipients: [
      { label: 'To', names: ['finance@acme.example', 'sam@elsewhere.example'] },
      { label: 'Cc', names: ['ada@acme.example'] },
      { label: 'Bcc', names: ['archive@acme.example'] },
    ],
    subject: 'Invoices of November',
    body: sampleCalls.message.arguments.body,
    attachments: [{ name: 'invoices-2026-11.pdf' }, { name: 'overview.xlsx' }],
  });
});

test('DG-20: secrets in headers are counted, not shown', async () => {
  const view = await effectViewOf(sampleCalls.request);
  expect(sectionOf(view, 'request')?.headers).toEqual([
    { label: 'Content-Type', value: 'application/json', machineMade: true },
    { label: 'Authorization', value: 'hidden, 27 characters', machineMade: false },
    { label: 'Idempotency-Key', value: '7f1c0d5e', machineMade: true },
  ]);
  expect(JSON.stringify(view)).not.toContain('3f9a-demo-credential');
});

test('identifiers are named only where one argument holds them', async () => {
  const view = await effectViewOf({
    serverId: 'hub',
    toolName: 'delete_label',
    arguments: { repository_name: 'shop', label_id: '7' },
  });
  expect(plainText(view.headline)).toBe('Run delete_label on hub');
});
