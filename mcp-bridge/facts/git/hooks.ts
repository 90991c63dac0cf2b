import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';

const COMMIT_HOOKS = ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit'];
/** githooks(5): what --no-verify leaves out. */
const SKIPPABLE = new Set(['pre-commit', 'commit-msg']);

/** Programs that git would run for this commit, by name, from where the configuration says (core.hooksPath). */
export function readCommitHooks(
  hooksFolder: string,
  options: { readonly amend: boolean; readonly skipsHooks: boolean },
): readonly string[] {
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
