/**
 * The documents speak of this repository as it is: paths that exist, limits that hold, dependencies that have a reason,
 * threats that the code or a test really names.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { snippetsFor } from '../../main/clients/snippets.ts';
import { entries } from '../../main/launch/build-entries.mjs';
import { layers } from '../../main/launch/import-table.mjs';
import { repositoryRoot } from '../../main/launch/places.mjs';
import { guardrailsOf, readConfiguration } from '../../mcp-bridge/process/configuration.ts';
import { parseServerConfigs } from '../../mcp-bridge/upstream/server-config.ts';

const rootDocuments = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'DECISIONS.md', 'CHANGELOG.md'];
const guides = readdirSync(join(repositoryRoot, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const documents = [...rootDocuments, ...guides];
const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const built = new Set(entries.map(({ output }) => output));

const spansIn = (text: string): readonly string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);

/** Paths of this repository, root files in code spans, and everything relative that a link or picture leads to. */
function pathsIn(document: string, text: string): readonly string[] {
  const written = [...text.matchAll(/(?<![\w./~:-])(?:main|mcp-bridge|renderer|test|docs|dist|\.ci)\/[\w./-]*/g)];
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .map((target) => relative('.', join(dirname(document), target.replace(/#.*$/, ''))));
  const fromRoot = written
    .filter(({ index }) => text.slice(index - 2, index) !== '](')
    .map(([path]) => path.replace(/[./]+$/, ''));
  return [...new Set([...fromRoot, ...spansIn(text).filter(isRootFile), ...links])];
}

/** Other bare names in the documents belong to AI clients or to the data folder. */
function isRootFile(name: string): boolean {
  return /^(?:package(?:-lock)?|biome|knip|tsconfig(?:\.\w+)?)\.json$|^electron-builder\.yml$|^[A-Z]+\.md$/.test(name);
}

const exists = (path: string): boolean => built.has(path) || existsSync(join(repositoryRoot, path));

describe('every path that a document names exists', () => {
  test.each(documents)('%s', (document) =>
    expect(pathsIn(document, read(document)).filter((path) => !exists(path))).toEqual([]),
  );

  test('the architecture names enough of them to be a map', () =>
    expect(pathsIn('ARCHITECTURE.md', read('ARCHITECTURE.md')).length).toBeGreaterThan(50));

  test.each([
    ['a file in a code span', 'see `main/app/nowhere.ts`.', 'main/app/nowhere.ts'],
    ['a file in a command', 'run `node main/launch/nowhere.mjs --now`', 'main/launch/nowhere.mjs'],
    ['a link', '[here](nowhere.md#part)', 'nowhere.md'],
    ['a picture', '![what it is](docs/nowhere.png)', 'docs/nowhere.png'],
    ['a root file', '`tsconfig.nowhere.json`', 'tsconfig.nowhere.json'],
    ['a file that is built from nothing', '`dist/nowhere.cjs`', 'dist/nowhere.cjs'],
  ])('one that does not is noticed: %s', (_name, text, missing) =>
    expect(pathsIn('README.md', text).filter((path) => !exists(path))).toEqual([missing]),
  );
});

describe('what the documents tell to copy', () => {
  const blocks = (document: string, language: string): readonly string[] =>
    [...read(document).matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)\\n\`\`\`$`, 'gm'))].map(
      ([, text = '']) => text,
    );

  test('the headless configuration in README.md is one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-documents-'));
    try {
      const file = join(folder, 'countersign.json');
      writeFileSync(file, blocks('README.md', 'json')[0] ?? '');
      const configuration = readConfiguration(file);
      expect(parseServerConfigs(configuration.mcpServers).map(({ serverId }) => serverId)).toEqual([
        'files',
        'shop-db',
      ]);
      expect(guardrailsOf(configuration)).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const facts = {
    url: 'URL',
    key: 'KEY',
    mcpClientId: 'ID',
    programFolder: 'PATH/dist/mcp-bridge',
    dataFolder: 'FOLDER',
  };
  test.each(snippetsFor(facts).map((snippet) => [snippet.title, snippet] as const))(
    'pairing and the guide say the same: %s',
    (_title, { language, text }) => {
      const told = blocks('docs/connect-ai-clients.md', language === 'shell' ? '' : language);
      if (language === 'json') expect(told.map((block) => JSON.parse(block))).toContainEqual(JSON.parse(text));
      else expect(told).toContain(text);
    },
  );
});

describe('documents hold nothing of the place they were written in', () => {
  const strangers: readonly [string, RegExp][] = [
    ['folder of one machine', /(?<![\w.])\/(?:work|tmp|root|home)\/|[A-Za-z]:\\/],
    ['host of a package registry', /registry\.|npmjs|verdaccio|artifactory|jfrog|\bnexus\b/i],
    ['address of a private network', /\b(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+/],
    ['unfinished passage', /\b(?:TODO|FIXME|TBD|lorem ipsum)\b/],
  ];
  test.each(documents.flatMap((document) => strangers.map(([name, pattern]) => [document, name, pattern] as const)))(
    '%s holds no %s',
    (document, _name, pattern) => expect(read(document)).not.toMatch(pattern),
  );
});

test('ARCHITECTURE.md has at most 200 lines', () =>
  expect(read('ARCHITECTURE.md').trimEnd().split('\n').length).toBeLessThanOrEqual(200));

test('ARCHITECTURE.md names every layer of the import table and every folder of bridge and main', () => {
  const spans = spansIn(read('ARCHITECTURE.md')).map((span) => basename(span));
  const folders = ['mcp-bridge', 'main'].flatMap((top) =>
    readdirSync(join(repositoryRoot, top), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name),
  );
  const places = layers.map(({ place }) => basename(place));
  const named = new Set(spans.map((span) => span.replace(/\.[cm]?tsx?$/, '')));
  expect([...places, ...folders].filter((name) => !named.has(name))).toEqual([]);
});

describe('DECISIONS.md', () => {
  const decisions = read('DECISIONS.md')
    .split(/^(?=## )/m)
    .slice(1);

  test.each(decisions.map((entry) => [entry.split('\n', 1)[0] ?? '', entry] as const))('%s', (_title, entry) => {
    expect(entry.trim().split('\n').length).toBeLessThanOrEqual(15);
    const parts = [...entry.matchAll(/^\*\*([^*]+)\.\*\*/gm)].map(([, part]) => part);
    expect(parts).toEqual(['Context', 'Decision', 'Consequences', 'What would change our mind']);
  });

  test('the newest comes first', () => {
    const dates = decisions.map((entry) => entry.slice(3, 13));
    for (const date of dates) expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(dates).toEqual([...dates].sort().reverse());
  });

  test('every dependency has a reason', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const named = new Set([...read('DECISIONS.md').matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    const titles = decisions.map((entry) => entry.split('\n', 1)[0]).join('\n');
    const names = Object.keys({ ...dependencies, ...devDependencies });
    expect(names.filter((name) => !named.has(name) && !titles.includes(name))).toEqual([]);
  });
});

describe('SECURITY.md', () => {
  const text = read('SECURITY.md');
  const section = (title: string): string => {
    const [, found = ''] = text.split(new RegExp(`^## ${title}.*$`, 'm'));
    return found.split(/^## /m)[0] ?? '';
  };
  const rows = section('Threats')
    .split('\n')
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .filter(([, id = '']) => /^(?:MC|DG|OA|LO|EL|AU|CL)-\d\d$/.test(id));

  test('has the parts that a reader looks for', () => {
    for (const title of ['Promises', 'Threats', 'Not defended', 'Reporting']) expect(section(title)).not.toBe('');
    expect(rows.length).toBeGreaterThan(80);
  });

  test('every promise names a test', () => {
    const promises = section('Promises')
      .split('\n')
      .filter((line) => /^\| P\d/.test(line));
    expect(promises.length).toBeGreaterThanOrEqual(8);
    expect(promises.filter((line) => !/`test\/[^`]+`/.test(line))).toEqual([]);
  });

  test('a threat has one row', () => {
    const ids = rows.map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('a test that is named for a threat is about it', () => {
    const claims = rows.flatMap(([, id = '', , , tests = '']) =>
      [...tests.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => ({ id, path })),
    );
    expect(claims.length).toBeGreaterThan(40);
    expect(claims.filter(({ id, path }) => !read(path).includes(id))).toEqual([]);
  });

  test('every defence names the file where it stands', () =>
    expect(rows.filter(([, , , defence = '']) => pathsIn('SECURITY.md', defence).length === 0)).toEqual([]));

  test('what is not defended is not claimed above', () => {
    const claimed = new Set(rows.map(([, id]) => id));
    const open = [...section('Not defended').matchAll(/\*\*((?:MC|DG|OA|LO|EL|AU|CL)-\d\d)\*\*/g)].map(([, id]) => id);
    expect(open.length).toBeGreaterThan(10);
    expect(open.filter((id) => claimed.has(id ?? ''))).toEqual([]);
  });
});

test('LICENSE is the whole Apache License 2.0', () => {
  const licence = read('LICENSE');
  expect(licence).toMatch(/Apache License\s+Version 2\.0, January 2004/);
  expect(licence).toContain('END OF TERMS AND CONDITIONS');
  expect(licence.split('\n').length).toBeGreaterThan(200);
});

test('CHANGELOG.md has an entry for the version in package.json', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(read('CHANGELOG.md')).toMatch(
    new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d{2}-\\d{2}$`, 'm'),
  );
});
