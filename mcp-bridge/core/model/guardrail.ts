/** A rule that forbids without asking. Guardrails beat grants and approvals. */
export type Guardrail = CodeFreeze;

/**
 * No commits, pushes or other changes of version-controlled code while it lasts, over every server and tool (CL-10).
 * An operation whose repository or branch cannot be told is covered: doubt is refused.
 */
export type CodeFreeze = {
  readonly kind: 'code-freeze';
  readonly guardrailId: string;
  readonly name: string;
  /** ISO 8601 instants; `until` undefined: until switched off. */
  readonly from: string;
  readonly until?: string | undefined;
  readonly repositories: Coverage;
  readonly branches: Coverage;
  readonly enabled: boolean;
};

/** Authority is spelled out: all, or exactly these patterns (`*` stands for any run of characters). */
export type Coverage = { readonly kind: 'all' } | { readonly kind: 'only'; readonly patterns: readonly string[] };
