import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildEffectView } from '../../../mcp-bridge/core/approval/effect-view.ts';
import { plainText } from '../../../mcp-bridge/core/approval/plain-text.ts';
import type { EffectView } from '../../../mcp-bridge/core/model/effect-view.ts';
import type { Facts, FileFacts } from '../../../mcp-bridge/core/model/facts.ts';
import type { JsonObject, JsonValue } from '../../../mcp-bridge/core/model/json.ts';
import { effectView as effectViewSchema } from '../../../mcp-bridge/process/effect-view-schema.ts';
import {
  commitFacts,
  fileDiff,
  type OperationFixture,
  operationWith,
  repository,
} from '../../support/operation-fixtures.ts';

/** A tool that declares every argument of the call but `extra`. */
const toolFor = ({ arguments: toolArguments = {} }: OperationFixture) => ({
  inputSchema: {
    type: 'object',
    properties: Object.fromEntries(
      Object.keys(toolArguments)
        .filter((name) => name !== 'extra')
        .map((name) => [name, name === 'message' ? { title: 'Commit message' } : {}]),
    ),
  },
});
const view = (fixture: OperationFixture) => buildEffectView(operationWith(fixture), toolFor(fixture));
const headline = (fixture: OperationFixture) => plainText(view(fixture).headline);

const file = (path: string, bytes = 1200) => ({ path, exists: true, entryKind: 'file' as const, bytes });
const files = (action: FileFacts['action'], changes: Partial<FileFacts> = {}): Facts => ({
  kind: 'files',
  action,
  targets: [file('/srv/data/a.txt')],
  diff: [],
  ...changes,
});
const deletion = (changes: Partial<FileFacts>): OperationFixture => ({
  toolName: 'delete_directory',
  serverId: 'files',
  classification: { effect: 'delete', domain: 'files' },
  facts: files('delete', changes),
});
const objects = (names: readonly string[], action: 'create' | 'delete' = 'delete'): OperationFixture => ({
  toolName: 'delete_entities',
  serverId: 'memory',
  classification: { effect: action === 'delete' ? 'delete' : 'write', domain: 'knowledge' },
  facts: { kind: 'objects', action, noun: 'entity', objects: names.map((name) => ({ name })) },
});
const push = (changes: Partial<Extract<Facts, { kind: 'git-push' }>> = {}): OperationFixture => ({
  toolName: 'git_push',
  facts: {
    kind: 'git-push',
    repository,
    remote: { name: 'origin', url: 'git@example.test:acme/shop-api.git' },
    targetBranch: 'main',
    force: false,
    deletes: false,
    commits: [{ hash: 'b'.repeat(40), subject: 'Fix rounding', author: 'Ada <a@b>' }],
    ...changes,
  },
});
const sql = (text: string, classification: OperationFixture['classification'] = {}): OperationFixture => ({
  toolName: 'query',
  serverId: 'shop-db',
  arguments: { sql: text },
  classification: { domain: 'database', ...classification },
});

test.each<[string, OperationFixture]>([
  ['Commit 2 files to main in shop-api', { facts: commitFacts() }],
  ['Commit 1 file to main in shop-api', { facts: commitFacts({ diff: [fileDiff('a')] }) }],
  ['Make an empty commit on main in shop-api', { facts: commitFacts({ diff: [] }) }],
  ['Replace the last commit on main in shop-api (2 files)', { facts: commitFacts({ amend: true }) }],
  [
    'Commit 2 files to a detached HEAD in shop-api',
    { facts: commitFacts({ repository: { ...repository, branch: undefined } }) },
  ],
  ['Push 1 commit from shop-api to main on origin', push()],
  ['Overwrite main on origin with 1 commit from shop-api', push({ force: true })],
  ['Delete branch main on origin (shop-api)', push({ deletes: true, commits: [] })],
  [
    'Delete branch old in shop-api',
    { facts: { kind: 'git-other', repository, action: 'branch delete' }, arguments: { branchName: 'old' } },
  ],
  ['Run git stash pop on main in shop-api', { facts: { kind: 'git-other', repository, action: 'stash pop' } }],
  [
    'Delete 2 untracked files in shop-api',
    {
      facts: {
        kind: 'git-other',
        repository,
        action: 'clean',
        affected: [{ noun: 'untracked file', items: [{ name: 'a' }, { name: 'b' }] }],
      },
    },
  ],
  ['Create a.txt in /srv/data', { facts: files('create') }],
  ['Overwrite a.txt in /srv/data', { facts: files('overwrite') }],
  [
    'Move /srv/data/a.txt to /srv/b.txt',
    { facts: files('move', { targets: [file('/srv/data/a.txt'), file('/srv/b.txt')] }) },
  ],
  ['Delete a.txt (1.2 KB) in /srv/data', deletion({})],
  [
    'Delete 214 files (3.1 GB) under /srv/data',
    deletion({
      targets: [{ path: '/srv/data', exists: true, entryKind: 'folder' }],
      covers: { files: 214, folders: 3, bytes: 3_100_000_000, items: [] },
    }),
  ],
  ['Delete 2 entities from memory', objects(['alice', 'bob'])],
  ['Delete entity alice from memory', objects(['alice'])],
  ['Create 2 entities in memory', objects(['alice', 'bob'], 'create')],
  ['Run SQL on shop-db', sql('select 1')],
  [
    'DROP TABLE orders in production',
    {
      ...sql('DROP TABLE orders', {
        effect: 'delete',
        action: 'drop-table',
        code: [
          {
            argumentName: 'sql',
            language: 'sql',
            acts: [
              {
                effect: 'delete',
                action: 'drop-table',
                reason: 'It drops.',
                objects: [{ kind: 'table', name: 'orders' }],
              },
            ],
          },
        ],
      }),
      environment: 'production',
    },
  ],
  ['Run ls on box', { serverId: 'box', arguments: { command: 'ls' }, classification: { domain: 'shell' } }],
  [
    'Send a message to #general by slack',
    { serverId: 'slack', arguments: { channel: '#general', text: 'hi' }, classification: { domain: 'message' } },
  ],
  [
    'Send POST to api.example.test',
    {
      arguments: { url: 'https://user@api.example.test/x', method: 'post' },
      classification: { domain: 'web' },
    },
  ],
  ['Run git_commit on git', { facts: { kind: 'unavailable', reason: 'git took too long.' } }],
])('headline: %s', (expected, fixture) => expect(headline(fixture)).toBe(expected));

test('a commit is shown whole', () => {
  const fixture = {
    facts: commitFacts({ skipsHooks: true, hooks: ['post-commit'] }),
    arguments: { message: 'Fix rounding', path: '/srv/shop-api', extra: { deep: [1] } },
  };
  expect(view(fixture)).toEqual({
    effect: 'write',
    headline: [
      { text: 'Commit 2 files to ', style: 'plain' },
      { text: 'main', style: 'code' },
      { text: ' in shop-api', style: 'plain' },
    ],
    consequence: 'New commit on your machine. Nothing is pushed.',
    irreversible: false,
    warnings: ['Not declared by the tool: extra.', 'Hooks are skipped.'],
    facts: [
      { label: 'Repository', value: '/srv/shop-api', machineMade: true },
      { label: 'Branch', value: 'main', machineMade: true },
      { label: 'Remote', value: 'origin git@example.test:acme/shop-api.git', machineMade: true },
      { label: 'Author', value: 'Ada Lovelace <ada@example.test>', machineMade: false },
      { label: 'Hooks', value: 'post-commit runs', machineMade: false },
      { label: 'Tool', value: 'git_commit on git', machineMade: true },
    ],
    sections: [
      { kind: 'code', title: 'Message', language: 'text', text: 'Fix rounding', marks: [] },
      { kind: 'diff', title: '2 files, +2 −2', files: [fileDiff('src/a.ts'), fileDiff('src/b.ts')] },
      {
        kind: 'arguments',
        title: 'Everything the call carries',
        fields: [
          { name: 'message', title: 'Commit message', typeName: 'text', value: 'Fix rounding' },
          { name: 'path', typeName: 'text', value: '/srv/shop-api' },
          { name: 'extra', typeName: 'object', value: { deep: [1] }, undeclared: true },
        ],
      },
    ],
    claims: [],
    confirmation: { kind: 'none' },
    approveLabel: 'Approve once',
  } satisfies EffectView);
});

test.each<[string, OperationFixture, EffectView['confirmation'], string]>([
  ['a write needs the click alone', { facts: commitFacts() }, { kind: 'none' }, 'Approve once'],
  [
    'a write in production needs the name too',
    { facts: commitFacts(), environment: 'Production' },
    { kind: 'type-name', name: 'main' },
    'Approve once',
  ],
  ['a forced push needs the branch typed', push({ force: true }), { kind: 'type-name', name: 'main' }, 'Force-push'],
  ['one object is typed', objects(['alice']), { kind: 'type-name', name: 'alice' }, 'Delete 1 entity'],
  ['several objects are held', objects(['alice', 'bob']), { kind: 'hold', holdMs: 1500 }, 'Delete 2 entities'],
  ['a name that no keyboard has is held', objects(['p\u0430ypal']), { kind: 'hold', holdMs: 1500 }, 'Delete 1 entity'],
  ['a long name is held', objects(['x'.repeat(41)]), { kind: 'hold', holdMs: 1500 }, 'Delete 1 entity'],
  [
    'a folder is typed',
    deletion({
      targets: [{ path: '/srv/data', exists: true, entryKind: 'folder' }],
      covers: { files: 214, folders: 3, bytes: 1, items: [] },
    }),
    { kind: 'type-name', name: 'data' },
    'Delete 214 files',
  ],
  [
    'an unknown deletion is held',
    { classification: { effect: 'delete', domain: 'other' } },
    { kind: 'hold', holdMs: 1500 },
    'Approve the deletion',
  ],
  [
    'a message cannot be called back',
    { serverId: 'slack', arguments: { channel: 'c', text: 't' }, classification: { domain: 'message' } },
    { kind: 'hold', holdMs: 1500 },
    'Send the message',
  ],
])('confirmation: %s', (_name, fixture, confirmation, approveLabel) => {
  const shown = view(fixture);
  expect({ confirmation: shown.confirmation, approveLabel: shown.approveLabel }).toEqual({
    confirmation,
    approveLabel,
  });
});

test.each<[string, OperationFixture, string]>([
  ['production', { environment: 'production' }, 'This is production.'],
  [
    'what could not be interpreted',
    { classification: { effect: 'delete', uninterpreted: true } },
    'Could not interpret it, so it is treated as a deletion.',
  ],
  [
    'an unknown tool',
    { classification: { effect: 'delete', basis: 'unknown' } },
    'It is not known what this tool does, so the worst is assumed.',
  ],
  [
    'facts that could not be read',
    { facts: { kind: 'unavailable', reason: 'git took too long.' } },
    'What it acts on could not be read: git took too long.',
  ],
  [
    'characters that cannot be seen',
    { arguments: { message: 'a\u202eb' } },
    'The call holds characters that cannot be seen; each is drawn as its number, like ⟨U+200B⟩.',
  ],
  [
    'a look-alike branch',
    { facts: commitFacts({ repository: { ...repository, branch: 'm\u0430in' } }) },
    '“m\u0430in” mixes Latin and Cyrillic letters.',
  ],
  [
    'a path outside the folders',
    { facts: files('create', { targets: [{ path: '/etc/x', exists: false, outsideRoots: true }] }) },
    '/etc/x is outside the folders that this server was given.',
  ],
  [
    'an author of the AI’s making',
    { facts: commitFacts(), arguments: { author: { name: 'x', email: 'y' } } },
    'The AI client sets the author of this commit itself.',
  ],
  [
    'remarks of the reading',
    { facts: commitFacts({ remarks: ['This commit concludes a merge.'] }) },
    'This commit concludes a merge.',
  ],
])('warns of %s', (_name, fixture, sentence) => expect(view(fixture).warnings).toContain(sentence));

test('purpose is a claim of the AI client, and only that is', () => {
  const { claims } = view({ arguments: { reason: 'Harmless, just approve', message: 'not a claim' } });
  expect(claims).toEqual([{ by: 'mcp-client', text: 'Harmless, just approve' }]);
});

test('MC-13: an argument that the tool does not declare says nothing in the headline', () => {
  const operation = operationWith({
    serverId: 'slack',
    toolName: 'send',
    arguments: { to: 'friend@example.test', recipient: 'rival@example.test', text: 'hi' },
    classification: { domain: 'message' },
  });
  const view = buildEffectView(operation, { inputSchema: { properties: { recipient: {}, text: {} } } });
  expect(plainText(view.headline)).toBe('Send a message to rival@example.test by slack');
  expect(view.warnings).toContain('Not declared by the tool: to.');
});

test('the text of SQL is shown as it is sent, with the marks of the parser', () => {
  const marks = [{ start: 0, end: 6, reason: 'There is no WHERE: all rows.' }];
  const shown = view(
    sql('DELETE FROM orders', { effect: 'delete', code: [{ argumentName: 'sql', language: 'sql', marks }] }),
  );
  expect(shown.sections[0]).toEqual({
    kind: 'code',
    title: 'Statement',
    language: 'sql',
    text: 'DELETE FROM orders',
    marks,
  });
  expect(shown.approveLabel).toBe('Run the SQL');
});

// Whatever the facts and arguments are ---------------------------------------------------------------------------

// Reserved names never come this far: strict JSON refuses them (MC-13).
const json = fc
  .jsonValue({ maxDepth: 4 })
  .filter((value) => !JSON.stringify(value).includes('__proto__')) as fc.Arbitrary<JsonValue>;
const anyArguments = fc.dictionary(
  fc.oneof(
    fc.string().filter((name) => name !== '__proto__'),
    fc.constantFrom('sql', 'command', 'to', 'body', 'url', 'headers', 'branchName', 'message', 'reason'),
  ),
  json,
) as fc.Arbitrary<JsonObject>;
const anyFacts = fc.oneof(
  fc.constantFrom<Facts>(
    { kind: 'none' },
    { kind: 'unavailable', reason: 'x' },
    commitFacts(),
    files('create'),
    files('delete', { covers: { files: 1, folders: 0, bytes: 1, items: [file('/a')] } }),
    files('delete', { targets: [] }),
    files('move', { targets: [file('/a')] }),
    push().facts ?? { kind: 'none' },
  ),
  fc.string().map((action): Facts => ({ kind: 'git-other', repository, action })),
  fc.array(fc.string()).map(
    (names): Facts => ({
      kind: 'objects',
      action: 'delete',
      noun: 'entity',
      objects: names.map((name) => ({ name })),
    }),
  ),
);
const anyFixture = fc.record({
  arguments: anyArguments,
  facts: anyFacts,
  toolName: fc.string({ minLength: 1 }),
  environment: fc.constantFrom('production', 'test', undefined),
  classification: fc.record({
    effect: fc.constantFrom('read', 'write', 'delete'),
    domain: fc.constantFrom(
      'version-control',
      'files',
      'database',
      'shell',
      'message',
      'web',
      'infrastructure',
      'knowledge',
      'other',
    ),
    uninterpreted: fc.boolean(),
  }),
}) as fc.Arbitrary<OperationFixture>;

test('every name and value of the arguments is listed, but for texts that stand in a section word for word', () => {
  fc.assert(
    fc.property(anyFixture, (fixture) => {
      const shown = view(fixture);
      expect(effectViewSchema.parse(shown)).toEqual(shown);
      const fields = shown.sections.flatMap((section) => (section.kind === 'arguments' ? section.fields : []));
      const listed = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
      const sections = JSON.stringify(shown.sections);
      for (const [name, value] of Object.entries(fixture.arguments ?? {})) {
        if (Object.hasOwn(listed, name)) expect(listed[name]).toEqual(value);
        else for (const text of textsIn(value, name)) expect(sections.toUpperCase()).toContain(text.toUpperCase());
      }
    }),
  );
});

/** As they stand in JSON, without the quotation marks; values of headers may be hidden, their names may not. */
function textsIn(value: JsonValue, name: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, name));
  if (typeof value === 'object' && value !== null) return Object.keys(value).flatMap((key) => textsIn(key, name));
  return typeof value === 'string' ? [JSON.stringify(value).slice(1, -1)] : [];
}

test('a deletion is never confirmed by a click alone, nor called anything harmless', () => {
  fc.assert(
    fc.property(anyFixture, (fixture) => {
      const shown = view(fixture);
      if (shown.effect !== 'delete') return;
      expect(shown.confirmation.kind).not.toBe('none');
      expect(shown.irreversible).toBe(true);
      expect(shown.approveLabel).toMatch(
        /^(Delete|Drop the|Empty the|Overwrite every|Run the|Reset|Check out and lose|Force-push|Approve the deletion)/,
      );
    }),
  );
});

test('no words of the call are in a label or a consequence', () => {
  fc.assert(
    fc.property(anyFixture, (fixture) => {
      const marked = {
        ...fixture,
        toolName: 'EVIL',
        arguments: { ...fixture.arguments, message: 'EVIL', sql: 'EVIL', branch: 'EVIL' },
      };
      const shown = view(marked);
      expect(`${shown.consequence} ${shown.approveLabel}`).not.toContain('EVIL');
    }),
  );
});
