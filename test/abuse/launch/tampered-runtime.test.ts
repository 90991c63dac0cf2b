/** LO-25: a runtime that is not the one we know is never unpacked, whoever delivered it. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newerNodeSource } from '../../../main/launch/newer-node.mjs';
import { repositoryRoot } from '../../../main/launch/places.mjs';

const thisMachine = { version: process.versions.node, target: `${process.platform}-${process.arch}` };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-tampered-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly cached: readonly string[];
}

const oldRuntime = { module: 'old-runtime.mjs', ensure: 'ensureOldRuntime' };
const inspector = { module: 'inspector.mjs', ensure: 'ensureInspector' };
const newerNode = { module: 'newer-node.mjs', ensure: 'ensureNewerNode' };

/** Set-up's own code, with an npm that does as the row says and a cache folder of its own. */
function fetchWith(npmProgram: string, { module: file, ensure } = oldRuntime): Promise<Outcome> {
  const npm = join(folder, 'npm.js');
  writeFileSync(npm, `const to = process.argv[process.argv.indexOf('--pack-destination') + 1];\n${npmProgram}\n`);
  const module = pathToFileURL(join(repositoryRoot, 'main', 'launch', file)).href;
  const program = `import(${JSON.stringify(module)}).then((m) => m.${ensure}()).catch((error) => {
    process.stderr.write(error.name + ': ' + error.message);
    process.exit(1);
  });`;
  const env = { ...process.env, npm_execpath: npm, XDG_CACHE_HOME: folder };
  return new Promise((resolve) => {
    execFile(process.execPath, ['-e', program], { env }, (error, stdout, stderr) => {
      const cache = join(folder, 'countersign');
      const cached = existsSync(cache) ? readdirSync(cache) : [];
      resolve({ code: error ? 1 : 0, output: `${stdout}${stderr}`, cached });
    });
  });
}

describe.skipIf(process.platform !== 'linux')('the runtime from npm is refused, and nothing of it stays', () => {
  test.each([
    [
      'when its contents are others',
      `require('fs').writeFileSync(to + '/x.tgz', 'evil');`,
      'is not what it was: SHA-512',
    ],
    ['when it is empty', `require('fs').writeFileSync(to + '/x.tgz', '');`, 'is not what it was: SHA-512'],
    [
      'when npm fails after it wrote something',
      `require('fs').writeFileSync(to + '/x.tgz', 'half'); process.exit(1);`,
      'npm could not fetch',
    ],
    ['when npm says yes and brings nothing', '', 'npm could not fetch'],
  ])('%s', async (_name, npmProgram, complaint) => {
    const { code, output, cached } = await fetchWith(npmProgram);
    expect({ code, cached }).toEqual({ code: 1, cached: [] });
    expect(output).toContain(`SetUpError: `);
    expect(output).toContain(complaint);
  });

  test.skipIf(newerNodeSource(thisMachine) !== 'fetched')(
    'and so is a Node for the test tools whose contents are others',
    async () => {
      const { code, output, cached } = await fetchWith(
        `require('fs').writeFileSync(to + '/x.tgz', 'evil');`,
        newerNode,
      );
      expect({ code, cached }).toEqual({ code: 1, cached: [] });
      expect(output).toContain('is not what it was: SHA-512');
    },
  );

  test.each([
    ['when npm fails half-way', `require('fs').writeFileSync('half', ''); process.exit(1);`],
    ['when npm says yes and brings nothing', ''],
  ])('and so is MCP Inspector, %s', async (_name, npmProgram) => {
    const { code, output, cached } = await fetchWith(npmProgram, inspector);
    expect({ code, cached }).toEqual({ code: 1, cached: [] });
    expect(output).toContain('npm could not install MCP Inspector');
  });

  test('what a killed set-up left is removed before the next try', async () => {
    mkdirSync(join(folder, 'countersign', '.partial-killed', 'runtime'), { recursive: true });
    expect((await fetchWith('process.exit(1);')).cached).toEqual([]);
  });
});
