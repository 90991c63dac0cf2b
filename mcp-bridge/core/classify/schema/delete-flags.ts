/**
 * Switches that turn a harmless act into a deletion: `deleteBranch: true`, `purge`, and `force` on a push.
 * A worst case counts them all; a call counts those that it sets.
 */
import { wordsOf } from '../names/words.ts';
import type { Property } from './properties.ts';

const destroying = new Set([
  'delete',
  'remove',
  'purge',
  'destroy',
  'wipe',
  'truncate',
  'drop',
  'erase',
  'hard',
  'permanent',
  'permanently',
]);
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

export function deleteFlags(properties: readonly Property[], words: readonly string[]): readonly string[] {
  const pushes = words.includes('push');
  return properties
    .filter(({ name, types, choices, depth }) => {
      if (depth > 0) return false;
      const parts = wordsOf(name);
      if (parts.some((part) => guarding.has(part))) return false;
      if (types.has('boolean'))
        return (
          destroying.has(parts[0] ?? '') ||
          parts.includes('delete') ||
          parts.includes('remove') ||
          (pushes && parts[0] === 'force')
        );
      // A list of things to delete, beside what the tool is named for.
      return choices.length === 0 && (parts.includes('delete') || parts.includes('destroy'));
    })
    .map(({ name }) => name);
}
