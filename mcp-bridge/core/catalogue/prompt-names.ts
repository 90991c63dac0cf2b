/**
 * Prompts that can be offered. SECURITY(MC-07): of those whose names are the same, or can be mistaken for each other, none
 * is, and neither is one whose name cannot be read off the screen: nobody could tell which of them a person chose.
 */
import { hasInvisible } from '../display/show-invisible.ts';
import type { JsonObject } from '../model/json.ts';
import { nameSkeleton } from './exposed-name.ts';

const MAX_NAME = 256;

export function servablePrompts(prompts: readonly JsonObject[]): readonly JsonObject[] {
  const named = prompts.flatMap((prompt) => {
    const { name } = prompt;
    if (typeof name !== 'string' || name.trim() === '' || name.length > MAX_NAME || hasInvisible(name)) return [];
    return [{ prompt, skeleton: nameSkeleton(name) }];
  });
  const counts = new Map<string, number>();
  for (const { skeleton } of named) counts.set(skeleton, (counts.get(skeleton) ?? 0) + 1);
  return named.filter(({ skeleton }) => counts.get(skeleton) === 1).map(({ prompt }) => prompt);
}
