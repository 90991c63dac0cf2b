/** What the builder of one kind of effect knows; `effect-view.ts` adds what is the same for all of them. */
import type { Fact, Section, Span } from '../../model/effect-view.ts';

export type ViewPart = {
  readonly headline: readonly Span[];
  readonly consequence: string;
  /** True when it cannot be taken back although its effect is not `delete`. */
  readonly irreversible?: boolean | undefined;
  readonly warnings?: readonly string[] | undefined;
  readonly facts?: readonly Fact[] | undefined;
  readonly sections?: readonly Section[] | undefined;
  /** Arguments that stand in a section character for character, so that they need not be listed again. */
  readonly shown?: readonly string[] | undefined;
  /** Names of the target that a person reads and trusts: checked for look-alike letters. */
  readonly names?: readonly string[] | undefined;
  /** What to type before a deletion; undefined where no one short name says it. */
  readonly confirmName?: string | undefined;
  /** Names the act; undefined: "Approve once", or for a deletion that it is one. */
  readonly approveLabel?: string | undefined;
};
