import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { lines } from './repository.ts';
import type { Git } from './run-git.ts';

const COMMIT_HOOKS = ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit'];
/** githooks(5): what --no-verify leaves out. */
const SKIPPABLE = new Set(['pre-commit', 'commit-msg']);

/** Programs that git would run for this commit, by name, from where the configuration says (core.hooksPath). */
export async function readCommitHooks(
  git: Git,
  folder: string,
  options: { readonly amend: boolean; readonly skipsHooks: boolean },
): Promise<readonly string[]> {
  const { output } = await git({ folder, arguments: ['rev-parse', '--path-format=absolute', '--git-path', 'hooks'] });
  const hooksFolder = lines(output)[0] ?? '';
  const names = [...COMMIT_HOOKS, ...(options.amend ? ['post-rewrite'] : [])];
  return names
    .filter((name) => !(options.skipsHooks && SKIPPABLE.has(name)))
    .filter((name) => isRunnable(join(hooksFolder, name)));
}

function isRunnable(path: string): boolean {
  try {
    if (process.platform === 'win32') return existsSync(path);
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
