import type { GitCommitFacts } from '../../model/facts.ts';
import type { Operation } from '../../model/operation.ts';
import { repositoryFacts } from './repository-facts.ts';
import type { ViewPart } from './view-part.ts';
import { code, counted, headline, plainFact } from './words.ts';

export function commitView(facts: GitCommitFacts, { call }: Operation): ViewPart {
  const { repository, author, diff } = facts;
  const files = counted(diff.length, 'file');
  const where = repository.branch === undefined ? 'a detached HEAD' : code(repository.branch);
  const name = repository.repositoryName;
  const binaries = diff.filter((file) => file.binary).length;
  return {
    headline: facts.amend
      ? headline`Replace the last commit on ${where} in ${name} (${files})`
      : diff.length === 0
        ? headline`Make an empty commit on ${where} in ${name}`
        : headline`Commit ${files} to ${where} in ${name}`,
    consequence: facts.amend
      ? 'The last commit on your machine is rewritten. Nothing is pushed.'
      : 'New commit on your machine. Nothing is pushed.',
    warnings: [
      ...(facts.skipsHooks ? ['Hooks are skipped.'] : []),
      ...(facts.amend
        ? ['The last commit is replaced, not added to; the difference shown is all that it will hold.']
        : []),
      ...(repository.branch === undefined ? ['HEAD is detached: no branch will hold this commit.'] : []),
      ...(call.arguments['author'] === undefined ? [] : ['The AI client sets the author of this commit itself.']),
      ...(binaries === 0 ? [] : [`${counted(binaries, 'binary file')} cannot be shown as text.`]),
      ...(facts.remarks ?? []),
    ],
    facts: [
      ...repositoryFacts(repository),
      plainFact('Author', `${author.name} <${author.email}>`),
      plainFact('Hooks', hooks(facts)),
    ],
    sections: [
      { kind: 'code', title: 'Message', language: 'text', text: facts.message, marks: [] },
      { kind: 'diff', title: diffTitle(facts), files: diff },
    ],
    names: [name, repository.branch ?? ''],
    confirmName: repository.branch,
  };
}

function hooks({ hooks: names, skipsHooks }: GitCommitFacts): string {
  if (names.length > 0) return `${names.join(', ')} ${names.length === 1 ? 'runs' : 'run'}`;
  return skipsHooks ? 'Skipped' : 'None';
}

function diffTitle({ diff }: GitCommitFacts): string {
  const added = diff.reduce((sum, file) => sum + file.addedLines, 0);
  const removed = diff.reduce((sum, file) => sum + file.removedLines, 0);
  return `${counted(diff.length, 'file')}, +${added} −${removed}`;
}
