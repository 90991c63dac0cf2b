/**
 * `npm ci` refuses a lock file that leaves out an optional package of some other platform, and an entry without a digest
 * is one that nobody checks.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repositoryRoot } from '../../main/launch/places.mjs';

interface Entry {
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Packages = Readonly<Record<string, Entry>>;
const packagesOf = (file: string): Packages =>
  (JSON.parse(readFileSync(join(repositoryRoot, file), 'utf8')) as { readonly packages: Packages }).packages;

/** Node's own search: beside the package, then in each folder above. */
function isLocked(packages: Packages, from: string, name: string): boolean {
  const place = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
  if (packages[place]) return true;
  return from !== '' && isLocked(packages, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}

describe.each(['package-lock.json', 'main/launch/inspector/package-lock.json'])('%s', (file) => {
  const packages = packagesOf(file);

  test('locks every optional package of every package', () => {
    const absent = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => !isLocked(packages, path, name))
        .map((name) => `${name}, wanted by ${path}`),
    );
    expect(absent).toEqual([]);
  });

  test('pins every package by digest', () => {
    const unpinned = Object.entries(packages)
      .filter(([path, entry]) => path !== '' && !entry.link && !entry.integrity?.startsWith('sha512-'))
      .map(([path]) => path);
    expect(unpinned).toEqual([]);
  });
});
