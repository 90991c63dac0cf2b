/** SHA-256 over a program: one file, or every file of the package that a script belongs to. Lower-case hex. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A package beyond this is hashed by its entry script only, rather than keeping the person waiting. */
const MAX_FILES = 3_000;

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** A script inside `node_modules` stands for its whole package (without that package's own node_modules). */
export async function hashPackageOf(script: string): Promise<string> {
  const folder = packageFolder(realpathSync(script));
  const files = folder === undefined ? [] : await filesBelow(folder);
  if (folder === undefined || files === undefined || files.length === 0) return hashFile(script);
  const hash = createHash('sha256');
  for (const path of files.sort()) hash.update(`${relative(folder, path)}\0${await hashFile(path)}\n`);
  return hash.digest('hex');
}

function packageFolder(script: string): string | undefined {
  if (!script.includes(`${sep}node_modules${sep}`)) return undefined;
  let folder = dirname(script);
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder || parent.endsWith(`${sep}node_modules`)) return undefined;
    folder = parent;
  }
  return folder;
}

async function filesBelow(folder: string): Promise<string[] | undefined> {
  const files: string[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of await readdir(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules') folders.push(path);
      else if (entry.isFile()) files.push(path);
      if (files.length > MAX_FILES) return undefined;
    }
  }
  return files;
}
