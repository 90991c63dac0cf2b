/** A layer's own TypeScript configuration refuses the globals of a world it does not live in. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../../main/launch/places.mjs';

const nodeGlobals = ['process.pid', 'Buffer.alloc(1)', '__dirname', 'require("fs")'];
const domGlobals = ['document.title', 'window.name', 'localStorage.length'];
const bothGlobals = ['setTimeout(() => {}, 1)', 'fetch("x")', 'crypto.subtle', 'console.log(1)', 'performance.now()'];

/** The planted lines that do not compile, in order. */
function refused(layer: string, lines: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(repositoryRoot, 'node_modules', '.cache-layer-types-'));
  writeFileSync(join(folder, 'planted.ts'), `export {};\n${lines.map((line) => `${line};`).join('\n')}\n`);
  const configuration = {
    extends: join(repositoryRoot, `tsconfig.${layer}.json`),
    include: ['planted.ts'],
    exclude: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration));
  const compiler = join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { cwd: folder }, (_error, stdout) => {
      rmSync(folder, { recursive: true, force: true });
      const numbers = [...stdout.matchAll(/^planted\.ts\((\d+),/gm)].map(([, line]) => Number(line));
      resolve([...new Set(numbers)].map((number) => lines[number - 2] ?? `line ${number}`));
    });
  });
}

test.each([
  ['core', [...nodeGlobals, ...domGlobals, ...bothGlobals], [...nodeGlobals, ...domGlobals, ...bothGlobals]],
  ['bridge', [...nodeGlobals, ...domGlobals, ...bothGlobals], domGlobals],
  ['renderer', [...nodeGlobals, ...domGlobals, ...bothGlobals], nodeGlobals],
])('%s', async (layer, lines, expected) => expect(await refused(layer, lines)).toEqual(expected), 30_000);
