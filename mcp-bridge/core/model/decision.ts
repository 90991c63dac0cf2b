/** Policy decides; the person approves. A decision always says why, in words a person and a model can read. */
export type Decision =
  | {
      readonly decision: 'permit';
      readonly reasons: readonly string[];
      readonly policies: readonly string[];
      readonly by: PermitBasis;
    }
  | { readonly decision: 'prompt'; readonly reasons: readonly string[]; readonly policies: readonly string[] }
  | {
      readonly decision: 'forbid';
      readonly code: ForbidCode;
      readonly reasons: readonly string[];
      readonly policies: readonly string[];
    };

export type PermitBasis =
  | { readonly kind: 'grant'; readonly grantId: string }
  | { readonly kind: 'rule'; readonly ruleId: string };

export type ForbidCode = 'guardrail' | 'policy-error' | 'not-reviewed' | 'stopped' | 'no-read-grant' | 'unclassified';
