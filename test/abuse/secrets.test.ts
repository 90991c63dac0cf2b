/** Secrets on the whole bridge: none comes back from an upstream (MC-37), none leaves in an argument (MC-39). */
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Office, openOffice } from '../support/office.ts';

const secret = 'T0ken/"Köln"+2026?&=%';
const key = `ghp_${'A1b2C3d4E5f6'.repeat(3)}`;

let office: Office;
beforeAll(async () => {
  office = await openOffice({ upstreamArgs: ['--leaky'], env: { API_TOKEN: secret, GIT_AUTHOR_NAME: 'Ada Lovelace' } });
  office.mcpClient.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    received.push(params);
  });
});
afterAll(() => office.close());

const received: unknown[] = [];
beforeEach(() => {
  received.length = 0;
});

/** All that an AI client gets to see of one call. */
async function seen(position: string, encoding: string): Promise<string> {
  await office.mcpClient
    .callTool({ name: 'office__read_leak', arguments: { position, encoding } }, undefined, {
      onprogress: (progress) => received.push(progress),
    })
    .then(
      (result) => received.push(result),
      (error: Error & { data?: unknown }) => received.push({ message: error.message, data: error.data }),
    );
  return JSON.stringify(received);
}

/** Made here anew, not by the redactor's own tables. */
const bytes = Buffer.from(secret, 'utf8');
const forms: { readonly [encoding: string]: readonly string[] } = {
  plain: [secret],
  base64: [bytes.toString('base64')],
  base64url: [bytes.toString('base64url')],
  hex: [bytes.toString('hex')],
  percent: [encodeURIComponent(secret)],
  json: [JSON.stringify(secret).slice(1, -1)],
};
const everyForm = Object.values(forms)
  .flat()
  .flatMap((form) => [form, JSON.stringify(form).slice(1, -1)]);
const positions = [
  'text',
  'two blocks',
  'error text',
  'structured content',
  'name of a member',
  'image',
  'resource text',
  'resource blob',
  'resource link',
  'result meta',
  'error message',
  'error data',
  'progress',
  'log',
];
/** Base64 around another encoding is an encoding of its own, which the redactor does not claim to see through. */
const claimed = (position: string, encoding: string) => !/image|blob/.test(position) || encoding === 'plain';
const table = positions.flatMap((position) =>
  Object.keys(forms)
    .filter((encoding) => claimed(position, encoding))
    .map((encoding) => [position, encoding] as const),
);

describe('MC-37: a secret of the configuration does not come back', () => {
  test.each(table)('in %s, as %s', async (position, encoding) => {
    const all = await seen(position, encoding);
    expect(all).toMatch(/redacted|"W3JlZGFjdGVkOiBzZWNyZXRd"/);
    expect(everyForm.filter((form) => all.includes(form))).toEqual([]);
    for (const blob of all.matchAll(/"(?:data|blob)":"([A-Za-z0-9+/=]+)"/g))
      expect(Buffer.from(blob[1] ?? '', 'base64').toString('utf8')).not.toContain(secret);
  });

  test('in lists, resources and prompts', async () => {
    const { mcpClient } = office;
    const resources = await mcpClient.listResources();
    const uri = resources.resources[0]?.uri ?? '';
    const all = JSON.stringify([
      resources,
      await mcpClient.readResource({ uri }),
      await mcpClient.listPrompts(),
      await mcpClient
        .getPrompt({ name: 'office__leak' })
        .catch((error: Error & { data?: unknown }) => [error.message, error.data]),
    ]);
    expect(all.match(/redacted/g)?.length).toBe(5);
    expect(everyForm.filter((form) => all.includes(form))).toEqual([]);
  });
});

describe('MC-39: a secret does not leave in an argument', () => {
  const page = (url: string) => ({ url });
  test.each([
    ['a read: the secret of the server itself', 'read_page', page(`https://x.example/?q=${secret}`)],
    ['a read: percent-encoded', 'read_page', page(`https://x.example/?q=${encodeURIComponent(secret)}`)],
    ['a read: base64', 'read_page', page(bytes.toString('base64'))],
    ['a read: hexadecimal', 'read_page', page(bytes.toString('hex'))],
    ['a read: a key of a well-known form', 'read_page', page(`https://x.example/${key}`)],
    ['a read: a password in an address', 'read_page', page('https://ada:hunter2hunter2@x.example/')],
    ['a write', 'create_note', { name: 'a', text: `Remember ${secret}` }],
    ['a deletion', 'delete_note', { name: key }],
    ['an argument that the tool does not declare', 'read_page', { url: 'a', extra: { deep: [key] } }],
    ['the name of a member', 'read_page', { url: 'a', extra: { [key]: 1 } }],
  ])('%s', async (_name, tool, toolArguments) => {
    const before = office.executed().length;
    const answer = await office.call(tool, toolArguments);
    expect(answer).toEqual({ isError: true, text: expect.stringContaining('carries a secret') });
    expect([office.executed().length - before, office.asked.length]).toEqual([0, 0]);
    const decided = office.events().filter((event) => event.kind === 'call.decided');
    expect(decided.at(-1)).toMatchObject({ decision: 'forbid', policies: ['secret-in-arguments'] });
    const journal = JSON.stringify(office.events());
    expect([...everyForm, key].filter((form) => journal.includes(form))).toEqual([]);
  });

  test('a resource that is asked for by a secret is not asked for', async () => {
    await expect(office.mcpClient.readResource({ uri: `note://${key}` })).rejects.toThrow();
  });

  test.each([
    ['an ordinary address', page('https://x.example/search?q=keys+and+tokens')],
    ['words about secrets', page('password token API_TOKEN')],
    ['the name of an author', page('Ada Lovelace')],
    ['a commit hash', page('0123456789abcdef0123456789abcdef01234567')],
    ['a UUID', page('7f1c0d5e-8f3b-4c0a-9d55-0a1b2c3d4e5f')],
  ])('%s passes', async (_name, toolArguments) => {
    expect(await office.call('read_page', toolArguments)).toMatchObject({ isError: false });
  });
});

describe('a result too large for an AI', () => {
  test('is withheld whole, and said so', async () => {
    const answer = await office.call('read_much', { size: 9 * 1024 * 1024 });
    expect(answer).toEqual({ isError: true, text: expect.stringContaining('larger than 8 MiB') });
  });

  test('just below passes', async () => {
    const answer = await office.call('read_much', { size: 8 * 1024 * 1024 - 100 });
    expect([answer.isError, answer.text.length]).toEqual([false, 8 * 1024 * 1024 - 100]);
  });
});
