import type { GitPushFacts } from '../../model/facts.ts';
import type { ViewPart } from './view-part.ts';
import { code, counted, headline, machineFact } from './words.ts';

export function pushView(facts: GitPushFacts): ViewPart {
  const { repository, remote, targetBranch, commits } = facts;
  const count = counted(commits.length, 'commit');
  const branch = code(targetBranch);
  const target = { text: remote.name, style: 'code' } as const;
  const common = {
    facts: [
      machineFact('Repository', repository.repositoryPath),
      machineFact('Remote', `${remote.name} ${remote.url}`),
      machineFact('Branch there', targetBranch),
    ],
    names: [targetBranch, remote.url],
    confirmName: targetBranch,
  };
  if (facts.deletes)
    return {
      ...common,
      headline: headline`Delete branch ${branch} on ${target} (${repository.repositoryName})`,
      consequence: 'The branch is gone for everyone. Commits that only it holds may be lost.',
      irreversible: true,
      warnings: facts.remarks,
      approveLabel: 'Delete the remote branch',
    };
  return {
    ...common,
    headline: facts.force
      ? headline`Overwrite ${branch} on ${target} with ${count} from ${repository.repositoryName}`
      : headline`Push ${count} from ${repository.repositoryName} to ${branch} on ${target}`,
    consequence: facts.force
      ? 'The branch there is replaced for everyone.'
      : 'Others can see it at once. It leaves your machine.',
    irreversible: facts.force,
    warnings: [
      ...(facts.force ? ['Force: commits there that are not here are lost.'] : []),
      ...(commits.length === 0 ? ['As far as this machine knows there is nothing new to push.'] : []),
      ...(facts.remarks ?? []),
    ],
    sections: [
      {
        kind: 'list',
        title: count,
        items: commits.map(({ hash, subject, author }) => ({
          name: subject,
          detail: `${hash.slice(0, 12)} ${author}`,
        })),
      },
    ],
    ...(facts.force ? { approveLabel: 'Force-push' } : {}),
  };
}
