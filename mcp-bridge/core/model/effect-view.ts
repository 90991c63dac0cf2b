/**
 * What the approval window shows, as data: no HTML, no markup. Every string may hold untrusted characters and is
 * drawn as inert text with escapes for the invisible ones; nothing here is truncated.
 */
import type { Effect } from './effect.ts';
import type { FileDiff } from './facts.ts';
import type { JsonValue } from './json.ts';
import type { UntrustedText } from './untrusted.ts';

export type EffectView = {
  readonly effect: Effect;
  /** One sentence built from facts: "Commit 2 files to `main` in shop-api". */
  readonly headline: readonly Span[];
  /** One line: "New commit on your machine. Nothing is pushed." */
  readonly consequence: string;
  readonly irreversible: boolean;
  readonly environment?: string | undefined;
  /** Things a person must not overlook, each one sentence: "Hooks are skipped.", "Could not interpret the SQL." */
  readonly warnings: readonly string[];
  readonly facts: readonly Fact[];
  readonly sections: readonly Section[];
  /** What the AI or the upstream says about the call, shown apart and labelled as theirs. */
  readonly claims: readonly Claim[];
  readonly confirmation: Confirmation;
  /** Names the act: "Approve once", "Delete 214 files". */
  readonly approveLabel: string;
};

export type Span = { readonly text: string; readonly style: 'plain' | 'code' };
export type Fact = { readonly label: string; readonly value: string; readonly machineMade: boolean };
export type Claim = { readonly by: 'mcp-client' | 'upstream-server'; readonly text: UntrustedText };

/** The second gesture that a deletion, production or an irreversible act needs (DESIGN 7.4). */
export type Confirmation =
  | { readonly kind: 'none' }
  | { readonly kind: 'type-name'; readonly name: string }
  | { readonly kind: 'hold'; readonly holdMs: number };

export type Section =
  | { readonly kind: 'diff'; readonly title: string; readonly files: readonly FileDiff[] }
  | { readonly kind: 'list'; readonly title: string; readonly items: readonly ListItem[] }
  | {
      readonly kind: 'code';
      readonly title: string;
      readonly language: 'sql' | 'shell' | 'json' | 'text';
      readonly text: string;
      readonly marks: readonly Mark[];
    }
  | {
      readonly kind: 'message';
      /** By the part they have in it: To, Cc, Bcc, Channel. */
      readonly recipients: readonly { readonly label: string; readonly names: readonly string[] }[];
      readonly subject?: string | undefined;
      readonly body: string;
      readonly attachments?: readonly ListItem[] | undefined;
    }
  | {
      /** Permissions to tick, one sentence each; nothing is ticked in advance (DG-24). */
      readonly kind: 'choices';
      readonly title: string;
      readonly choices: readonly { readonly choiceId: string; readonly sentence: string }[];
    }
  | {
      readonly kind: 'request';
      readonly method: string;
      readonly url: string;
      readonly headers: readonly Fact[];
      readonly body?: string | undefined;
    }
  | { readonly kind: 'arguments'; readonly title: string; readonly fields: readonly ArgumentField[] };

export type ListItem = {
  readonly name: string;
  readonly detail?: string | undefined;
  readonly warning?: string | undefined;
};
/** Offsets in UTF-16 units into the text they mark; `reason` is one sentence. */
export type Mark = { readonly start: number; readonly end: number; readonly reason: string };
/** `title` is the schema's own (untrusted) title; `name` is the argument's key. Objects nest. */
export type ArgumentField = {
  readonly name: string;
  readonly title?: string | undefined;
  readonly typeName: string;
  readonly value: JsonValue;
  /** Not declared by the tool's schema (MC-13). */
  readonly undeclared?: boolean | undefined;
};
