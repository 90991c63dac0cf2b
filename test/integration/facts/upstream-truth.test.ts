/** What the facts say before a call is what the real server has done after it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileFacts, GitCommitFacts } from '../../../mcp-bridge/core/model/facts.ts';
import type { JsonObject } from '../../../mcp-bridge/core/model/json.ts';
import { gather, gitRepository, temporaryFolder, write } from '../../support/facts-fixtures.ts';

let place: ReturnType<typeof temporaryFolder>;
let mcpClient: Client | undefined;
beforeEach(() => {
  place = temporaryFolder();
});
afterEach(async () => {
  await mcpClient?.close();
  place.remove();
});

async function startServer(packageName: string, ...serverArguments: readonly string[]): Promise<Client> {
  const manifestPath = fileURLToPath(new URL(`../../../node_modules/${packageName}/package.json`, import.meta.url));
  const { bin } = JSON.parse(readFileSync(manifestPath, 'utf8')) as { bin: Record<string, string> };
  const started = new Client({ name: 'test', version: '1' });
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: place.folder,
    LOGS_DIR: place.folder,
    MEMORY_FILE_PATH: join(place.folder, 'memory.jsonl'),
  };
  const args = [join(manifestPath, '..', Object.values(bin)[0] ?? ''), ...serverArguments];
  await started.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }));
  mcpClient = started;
  return started;
}

const call = async (server: Client, name: string, toolArguments: JsonObject) => {
  const result = await server.callTool({ name, arguments: toolArguments as Record<string, unknown> });
  expect(result.isError ?? false, JSON.stringify(result)).toBe(false);
};

test.each<[string, JsonObject, (git: ReturnType<typeof gitRepository>, folder: string) => void]>([
  [
    'what is staged',
    {},
    (git, folder) => {
      write(folder, 'a.txt', 'x\n');
      write(folder, 'README.md', 'one\n2\n');
      git('add', '.');
    },
  ],
  [
    'chosen files beside staged ones',
    { filesToStage: ['b'] },
    (git, folder) => {
      write(folder, 'a.txt', 'x\n');
      git('add', '.');
      write(folder, 'b/c.txt', 'y\n');
      write(folder, 'd.txt', 'z');
    },
  ],
  [
    'an amended commit by another author',
    { amend: true, author: { name: 'Eve', email: 'eve@example.test' } },
    (git, folder) => {
      write(folder, 'a.txt', 'x\n');
      git('add', '.');
      git('commit', '--quiet', '--message=before');
      write(folder, 'b.txt', 'y\n');
      git('add', '.');
    },
  ],
])('git_commit makes exactly the commit that was shown: %s', async (_name, extra, prepare) => {
  const folder = join(place.folder, 'shop-api');
  const git = gitRepository(folder);
  prepare(git, folder);
  const toolArguments = { path: folder, message: 'As shown', ...extra };
  const port = { environmentOf: () => ({ HOME: place.folder }) };
  const { facts } = (await gather('git_commit', toolArguments, { port })) as { facts: GitCommitFacts };
  const server = await startServer('@cyanheads/git-mcp-server');
  await call(server, 'git_commit', toolArguments);
  const made = git('show', '--format=%an <%ae>|%s|', '--numstat', '--no-renames').trim().split('\n');
  expect(made[0]).toBe(`${facts.author.name} <${facts.author.email}>|${facts.message}|`);
  const shown = facts.diff.map(({ addedLines, removedLines, path }) => `${addedLines}\t${removedLines}\t${path}`);
  expect(made.slice(2)).toEqual(shown);
});

test('edit_file and write_file leave the file as it was shown', async () => {
  const path = write(place.folder, 'a.txt', 'one\r\ntwo\nthree\n');
  const server = await startServer('@modelcontextprotocol/server-filesystem', place.folder);
  const calls: readonly [string, JsonObject][] = [
    [
      'edit_file',
      {
        path,
        edits: [
          { oldText: 'two', newText: '$& 2' },
          { oldText: 'one\r\n', newText: '1\n' },
        ],
      },
    ],
    ['write_file', { path, content: 'four\n' }],
  ];
  for (const [toolName, toolArguments] of calls) {
    const answer = await gather(toolName, toolArguments, { server: { roots: [place.folder] } });
    const facts = answer.facts as FileFacts;
    await call(server, toolName, toolArguments);
    const kept = facts.diff.flatMap((file) => file.hunks.flatMap((hunk) => hunk.lines));
    const shown = kept.filter(({ kind }) => kind === 'context' || kind === 'added').map(({ text }) => text);
    expect(readFileSync(path, 'utf8').split('\n').slice(0, -1)).toEqual(shown);
  }
});

test('delete_entities removes what was listed', async () => {
  const server = await startServer('@modelcontextprotocol/server-memory');
  const entity = (name: string) => ({ name, entityType: 'person', observations: [] });
  await call(server, 'create_entities', { entities: [entity('alice'), entity('bob')] });
  const toolArguments = { entityNames: ['alice'] };
  const { facts } = await gather('delete_entities', toolArguments, {
    server: { profileName: '@modelcontextprotocol/server-memory' },
    classification: { domain: 'knowledge', effect: 'delete' },
  });
  await call(server, 'delete_entities', toolArguments);
  const graph = (await server.callTool({ name: 'read_graph', arguments: {} })) as { content: { text: string }[] };
  expect(facts).toMatchObject({ objects: [{ name: 'alice' }] });
  expect(JSON.parse(graph.content[0]?.text ?? '{}')).toMatchObject({ entities: [{ name: 'bob' }] });
});
