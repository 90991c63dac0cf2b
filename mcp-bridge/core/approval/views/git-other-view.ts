import type { Span } from '../../model/effect-view.ts';
import type { GitOtherFacts } from '../../model/facts.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';
import { repositoryFacts } from './repository-facts.ts';
import type { ViewPart } from './view-part.ts';
import { code, counted, headline } from './words.ts';

type Words = {
  readonly headline: readonly Span[];
  readonly consequence: string;
  readonly approveLabel?: string;
  readonly confirmName?: string | undefined;
};

export function gitOtherView(facts: GitOtherFacts, { call, classification }: Operation): ViewPart {
  const { repository, action, affected } = facts;
  const words = wordsOf(facts, call.arguments);
  const isDeletion = classification.effect === 'delete';
  return {
    headline: words.headline,
    consequence: words.consequence,
    warnings: facts.remarks,
    facts: repositoryFacts(repository),
    sections: (affected ?? []).map(({ noun, items }) => ({
      kind: 'list',
      title: `${counted(items.length, noun)} ${FATES[`${action}: ${noun}`] ?? ''}`.trim(),
      items,
    })),
    names: [repository.repositoryName, repository.branch ?? '', words.confirmName ?? ''],
    confirmName: words.confirmName,
    ...(isDeletion && words.approveLabel ? { approveLabel: words.approveLabel } : {}),
  };
}

/** What becomes of the things that the facts list. */
const FATES: { readonly [actionAndNoun: string]: string } = {
  'add: changed file': 'since the last commit',
  'clean: untracked file': 'would be deleted',
  'branch delete: commit': 'only this branch holds',
  'merge: commit': 'would come in',
  'checkout: changed file': 'would lose their changes',
  'reset: commit': 'would leave the branch',
  'reset: changed file': 'would lose their changes',
  'stash clear: stash': 'would be deleted',
  'stash drop: stash': 'in all; only the named one is deleted',
};

const LOCAL = 'Changes the repository on your machine. Nothing is pushed.';
const LOSES_WORK = 'Work that is not committed is lost for good.';

function wordsOf({ action, repository, affected }: GitOtherFacts, args: JsonObject): Words {
  const { repositoryName: name, branch = 'HEAD' } = repository;
  const untracked = affected?.find(({ noun }) => noun === 'untracked file');
  const toStage = affected?.find(({ noun }) => noun === 'changed file');
  const text = (argument: string) => (typeof args[argument] === 'string' ? (args[argument] as string) : '');
  /** A name from the call, or that there is none. */
  const named = (...names: readonly string[]) => {
    const found = names.map(text).find(Boolean);
    return found === undefined ? 'an unnamed one' : code(found);
  };
  switch (action) {
    case 'add':
      return {
        headline: headline`Stage ${toStage ? counted(toStage.items.length, 'file') : 'files'} in ${name}`,
        consequence: 'Changes only what the next commit will hold.',
      };
    case 'merge':
      return { headline: headline`Merge ${named('branch')} into ${code(branch)} in ${name}`, consequence: LOCAL };
    case 'checkout':
      return {
        headline: headline`Check out ${named('target')} in ${name}`,
        consequence: args['force'] === true ? LOSES_WORK : 'Changes the files in the working folder.',
        approveLabel: 'Check out and lose changes',
      };
    case 'branch delete': {
      const confirmName = text('branchName') || text('branch_name');
      return {
        headline: headline`Delete branch ${named('branchName', 'branch_name')} in ${name}`,
        consequence: 'Commits that only this branch holds may be lost.',
        approveLabel: 'Delete the branch',
        confirmName,
      };
    }
    case 'tag delete':
      return {
        headline: headline`Delete tag ${named('tagName')} in ${name}`,
        consequence: LOCAL,
        approveLabel: 'Delete the tag',
        confirmName: text('tagName'),
      };
    case 'reset': {
      const isHard = ['hard', 'merge'].includes(text('mode'));
      return {
        headline: headline`Reset ${code(branch)} in ${name} to ${code(text('target') || 'HEAD')} (${text('mode') || 'mixed'})`,
        consequence: isHard ? LOSES_WORK : LOCAL,
        approveLabel: 'Reset and lose changes',
        confirmName: branch,
      };
    }
    case 'clean':
      return {
        headline: headline`Delete ${untracked ? counted(untracked.items.length, 'untracked file') : 'untracked files'} in ${name}`,
        consequence: 'Files that git does not know are deleted for good.',
        approveLabel: 'Delete untracked files',
        confirmName: name,
      };
    case 'clear-working-dir':
      return { headline: headline`Make the git server forget its folder`, consequence: 'No file changes.' };
    case 'stash drop':
    case 'stash clear':
      return {
        headline: headline`Delete stashed changes in ${name} (${code(`git ${action} ${text('stashRef')}`.trim())})`,
        consequence: LOSES_WORK,
        approveLabel: 'Delete stashed changes',
        confirmName: name,
      };
    case 'pull':
      return { headline: headline`Pull into ${code(branch)} in ${name}`, consequence: LOCAL };
    default:
      return { headline: headline`Run ${code(`git ${action}`)} on ${code(branch)} in ${name}`, consequence: LOCAL };
  }
}
