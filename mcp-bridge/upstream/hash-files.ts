/** SHA-256 over a program: one file, or every file of the package that a script belongs to. Lower-case hex. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, realpathSync } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Of a package beyond this the others count by path and size only, rather than keeping the person waiting. */
const MAX_FILES = 10_000;

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** A script inside `node_modules` stands for its whole package (without that package's own node_modules). */
export async function hashPackageOf(script: string): Promise<string> {
  const folder = packageFolder(realpathSync(script));
  if (folder === undefined) return hashFile(script);
  const hash = createHash('sha256');
  for (const [index, { path, linkTo }] of (await filesBelow(folder)).entries()) {
    const name = relative(folder, path);
    const target = await stat(path).catch(() => undefined);
    // A link counts by where it leads and by what is there now, so that neither can be swapped.
    const content = target?.isFile() !== true ? '' : index < MAX_FILES ? await hashFile(path) : String(target.size);
    hash.update(`${linkTo === undefined ? name : `${name} -> ${linkTo}`}\0${content}\n`);
  }
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

type Found = { readonly path: string; readonly linkTo?: string };

/** In the order of their paths. */
async function filesBelow(folder: string): Promise<readonly Found[]> {
  const files: Found[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of await readdir(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules') folders.push(path);
      else if (entry.isFile()) files.push({ path });
      else if (entry.isSymbolicLink()) files.push({ path, linkTo: await readlink(path) });
    }
  }
  return files.sort((one, two) => (one.path < two.path ? -1 : 1));
}
