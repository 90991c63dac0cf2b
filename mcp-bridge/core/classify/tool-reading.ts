import type { Effect } from '../model/effect.ts';
import type { ActionArgument } from './schema/action-argument.ts';
import type { CodeArgument } from './schema/code-argument.ts';

/** What a definition says about its tool before any call; all of it comes from untrusted text. */
export type ToolReading = {
  readonly effect: Effect;
  readonly certainty: 'sure' | 'leaning' | 'none';
  /** The words say that something is run; what it is given decides how bad that is. */
  readonly runs: boolean;
  /** The name's verb is one that cannot be a noun: an argument can make it worse, never better. */
  readonly nameBinds: boolean;
  readonly verb: string | undefined;
  readonly promisesReadOnly: boolean;
  readonly actions: readonly ActionArgument[];
  readonly code: readonly CodeArgument[];
  readonly flags: readonly string[];
  readonly words: readonly string[];
  readonly reasons: readonly string[];
};
