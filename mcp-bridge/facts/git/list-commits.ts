import type { GitPushFacts } from '../../core/model/facts.ts';
import type { Git } from './run-git.ts';

export const MAX_COMMITS = 1000;

/** Newest first, one more than MAX_COMMITS when there are more. Every name in `revisions` follows --end-of-options or is ours. */
export async function listCommits(
  git: Git,
  folder: string,
  revisions: readonly string[],
): Promise<GitPushFacts['commits']> {
  const { output } = await git({
    folder,
    arguments: [
      'log',
      '-z',
      '--no-show-signature',
      '--no-mailmap',
      `--max-count=${MAX_COMMITS + 1}`,
      '--format=%H%x01%s%x01%an <%ae>',
      ...revisions,
      '--',
    ],
  });
  const entries = output.toString('utf8').split('\0').filter(Boolean);
  return entries.map((entry) => {
    const [hash = '', subject = '', author = ''] = entry.split('\x01');
    return { hash, subject, author };
  });
}
