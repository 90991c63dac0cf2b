import type { Fact } from '../../model/effect-view.ts';
import type { GitRepositoryFacts } from '../../model/facts.ts';
import { machineFact, plainFact } from './words.ts';

export function repositoryFacts({ repositoryPath, branch, remote }: GitRepositoryFacts): readonly Fact[] {
  return [
    machineFact('Repository', repositoryPath),
    branch === undefined ? plainFact('Branch', 'none (detached HEAD)') : machineFact('Branch', branch),
    ...(remote === undefined ? [] : [machineFact('Remote', `${remote.name} ${remote.url}`.trim())]),
  ];
}
