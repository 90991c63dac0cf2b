/**
 * Policy decision point: may this operation run, and if not yet, why ask?
 *
 * First match wins: 1. everything is stopped, or a guardrail forbids  2. an error while evaluating: forbid
 * 3. tool new, changed or refused since it was reviewed: forbid  4. read: permit while the server's read grant stands
 * 5. write: permit if a live grant covers it, else prompt  6. delete: always prompt  7. anything else: forbid.
 *
 * INVARIANT: total. Every input yields a decision; nothing here throws or waits.
 */
import type { AuthoritySnapshot } from '../model/authority.ts';
import type { Decision } from '../model/decision.ts';
import type { Operation } from '../model/operation.ts';
import type { ReviewState } from '../model/tool.ts';
import { freezeForbids, freezeSentence } from './code-freeze.ts';
import { grantCovers, grantTarget } from './grant-covers.ts';
import { grantsThatMayCover } from './grant-slices.ts';

export type DecisionFacts = {
  readonly authority: AuthoritySnapshot;
  readonly review: ReviewState;
  readonly nowMs: number;
};

export function decide(operation: Operation, facts: DecisionFacts): Decision {
  try {
    return evaluate(operation, facts);
  } catch {
    return forbid('policy-error', 'A rule could not be evaluated, so the call is refused.', []);
  }
}

function evaluate(operation: Operation, { authority, review, nowMs }: DecisionFacts): Decision {
  if (authority.stopped) return forbid('stopped', authority.stopped.reason, ['stop-everything']);

  const freeze = authority.guardrails.find((guardrail) => freezeForbids(guardrail, operation, nowMs));
  if (freeze) return forbid('guardrail', freezeSentence(freeze), [freeze.guardrailId]);

  if (review !== 'reviewed') return forbid('not-reviewed', notReviewed[review], ['definition-review']);

  const { effect } = operation.classification;
  const target = grantTarget(operation);
  const grant = grantsThatMayCover(authority.grants, target, effect).find((candidate) =>
    grantCovers(candidate, target, effect, nowMs),
  );
  const why = operation.classification.reasons;
  switch (effect) {
    case 'read':
      return grant
        ? permit(grant.grantId, [grant.sentence])
        : forbid('no-read-grant', 'Reading from this server is not granted to this AI client.', ['read-grant']);
    case 'write':
      return grant
        ? permit(grant.grantId, [grant.sentence])
        : { decision: 'prompt', reasons: ['A write needs approval.', ...why], policies: ['ask-before-write'] };
    case 'delete':
      return {
        decision: 'prompt',
        reasons: ['Every deletion needs approval.', ...why],
        policies: ['ask-before-delete'],
      };
    default:
      return forbid('unclassified', 'It is not known what this call would do.', ['fail-closed']);
  }
}

const notReviewed: Record<Exclude<ReviewState, 'reviewed'>, string> = {
  new: 'This tool is new and has not been reviewed in Countersign yet.',
  changed: 'The definition of this tool changed since it was reviewed; it must be reviewed again in Countersign.',
  refused: 'This tool was refused in review.',
};

function permit(grantId: string, reasons: readonly string[]): Decision {
  return { decision: 'permit', reasons, policies: [grantId], by: { grantId, kind: 'grant' } };
}

function forbid(
  code: Extract<Decision, { decision: 'forbid' }>['code'],
  reason: string,
  policies: readonly string[],
): Decision {
  return { decision: 'forbid', code, reasons: [reason], policies };
}
