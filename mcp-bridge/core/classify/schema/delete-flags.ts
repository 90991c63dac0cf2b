/**
 * Switches that turn a harmless act into a deletion: `deleteBranch: true`, `purge`, and `force` on a push.
 * A worst case counts them all; a call counts those that it sets.
 */
import { wordsOf } from '../names/words.ts';
import type { Property } from './properties.ts';

const destroying = new Set(['delete', 'purge', 'destroy', 'wipe', 'truncate', 'drop', 'erase']);
/** `removeShading` is a setting; these are things that are gone when they are removed. */
const removable = new Set(
  'source branch file files data volume volumes existing original all orphans records rows target directory folder'.split(
    ' ',
  ),
);
/** `delete_protection: true` is the opposite of deleting. */
const guarding = new Set([
  'protection',
  'protected',
  'protect',
  'policy',
  'retention',
  'marker',
  'markers',
  'prevent',
  'no',
  'skip',
  'not',
  'never',
  'deleted',
  'include',
  'show',
]);

export type FlagContext = {
  readonly words: readonly string[];
  readonly verb: string | undefined;
  /** The name says surely that it only looks: a switch can drop things from the answer only. */
  readonly looks: boolean;
  /** Its words lean to reading: then removing is done to the answer (`remove_base64_images`). */
  readonly reads: boolean;
};

export function deleteFlags(
  properties: readonly Property[],
  { words, verb, looks, reads }: FlagContext,
): readonly string[] {
  // What is only now being made cannot be deleted by it: `remove_source_branch` there is a setting for later.
  if (looks || verb === 'create') return [];
  const settings = verb === 'update' || verb === 'edit' || verb === 'configure';
  return properties
    .filter(({ name, types, choices, depth }) => {
      const parts = wordsOf(name);
      if (depth > 0 || parts.some((part) => guarding.has(part))) return false;
      if (types.has('boolean')) {
        if (words.includes('push') && parts[0] === 'force') return true;
        if (reads && parts[0] === 'remove') return false;
        if (parts.includes('remove') && !settings)
          return parts.length === 1 || parts.some((part) => removable.has(part));
        return settings
          ? parts.length === 1 && (destroying.has(name) || name === 'remove')
          : parts.some((part) => destroying.has(part));
      }
      // A list of things to delete, beside what the tool is named for.
      return choices.length === 0 && (parts.includes('delete') || parts.includes('destroy'));
    })
    .map(({ name }) => name);
}
