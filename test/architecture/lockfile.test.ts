/**
 * `npm ci` refuses a lock file that leaves out an optional package of some other platform, and an entry without a digest
 * is one that nobody checks.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../../main/launch/places.mjs';

interface Entry {
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Entry>>;
};

/** Node's own search: beside the package, then in each folder above. */
function isLocked(from: string, name: string): boolean {
  const place = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
  if (packages[place]) return true;
  return from !== '' && isLocked(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}

test('every optional package of every package is locked', () => {
  const absent = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !isLocked(path, name))
      .map((name) => `${name}, wanted by ${path}`),
  );
  expect(absent).toEqual([]);
});

test('every package is pinned by digest', () => {
  const unpinned = Object.entries(packages)
    .filter(([path, entry]) => path !== '' && !entry.link && !entry.integrity?.startsWith('sha512-'))
    .map(([path]) => path);
  expect(unpinned).toEqual([]);
});
