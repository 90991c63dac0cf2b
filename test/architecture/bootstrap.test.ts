/** `npm start` and `npm test` run before any package is installed: what they load at once may need none. */
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { scan } from '../../main/launch/import-scan.mjs';
import { repositoryRoot } from '../../main/launch/places.mjs';

/** Everything loaded with the entry, and the packages it names. Imports inside functions come later and do not count. */
function packagesLoadedWith(entry: string): string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const { specifier, line } of scan(file, text).imports) {
      if (/\bimport\(/.test(text.split('\n')[line - 1] ?? '')) continue;
      if (specifier.startsWith('.')) visit(join(dirname(file), specifier));
      else if (!specifier.startsWith('node:') && !builtinModules.includes(specifier)) packages.add(specifier);
    }
  };
  visit(join(repositoryRoot, entry));
  expect(seen.size).toBeGreaterThan(3);
  return [...packages];
}

test.each(['main/launch/start.mjs', 'main/launch/test.mjs', 'main/launch/setup.mjs'])(
  '%s needs no package',
  (entry) => {
    expect(existsSync(join(repositoryRoot, entry))).toBe(true);
    expect(packagesLoadedWith(entry)).toEqual([]);
  },
);
