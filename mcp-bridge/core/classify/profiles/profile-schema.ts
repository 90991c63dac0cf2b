/**
 * The format of a profile file, checked by the tests (the product takes its own data files as they are). README.md
 * beside the profiles explains it with examples.
 */
import * as z from 'zod';
import { DOMAINS } from '../../model/classification.ts';
import { EFFECTS } from '../../model/effect.ts';

const effect = z.enum(EFFECTS);
const argumentRule = z.strictObject({
  argument: z.string().min(1),
  /** The effect per value, written as JSON would print it without quotes: `hard`, `true`. */
  values: z.record(z.string(), effect).optional(),
  /** The effect of text that begins so: `+main` as a branch to push is a forced push. */
  prefixes: z.record(z.string().min(1), effect).optional(),
  /** The effect when the argument is there at all, with a value that is neither false, null nor empty. */
  present: effect.optional(),
  /** The value the server takes when the argument is missing. */
  default: z.string().optional(),
});
const toolRule = z.strictObject({
  /** The worst case over all arguments. */
  effect,
  /** The effect when none of `arguments` says anything; the worst case where it is missing. */
  otherwise: effect.optional(),
  arguments: z.array(argumentRule).optional(),
  /** Analysers still look at code-like arguments unless the profile says that there are none. */
  analyse: z.boolean().optional(),
  action: z.string().optional(),
  domain: z.enum(DOMAINS).optional(),
});

export const profileSchema = z.strictObject({
  /** The package or image, as a configuration names it. */
  packages: z.array(z.string().min(1)).min(1),
  /** Ids that people give this server in their configuration. */
  aliases: z.array(z.string().min(1)),
  domain: z.enum(DOMAINS),
  /** Tools with one effect whatever their arguments. */
  read: z.array(z.string()),
  write: z.array(z.string()),
  delete: z.array(z.string()),
  /** Tools whose effect an argument decides, or that have more to say. */
  tools: z.record(z.string(), toolRule),
});

export type Profile = z.infer<typeof profileSchema>;
export type ToolRule = z.infer<typeof toolRule>;
export type ArgumentRule = z.infer<typeof argumentRule>;
