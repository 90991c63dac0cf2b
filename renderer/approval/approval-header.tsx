import type { ApprovalState } from '../../main/ipc/approval-state.ts';
import { clockTime, grouped } from '../lib/numbers.ts';
import { Logo } from '../ui/badge.tsx';
import { Value } from '../ui/value.tsx';

/** Who asks, for whom, in which session, and how many wait. */
export function ApprovalHeader({ approval }: { readonly approval: ApprovalState }) {
  return (
    <header className="approval-header">
      <Logo />
      <p>
        <strong>
          <Value text={approval.mcpClientName} />
        </strong>{' '}
        <span className="quiet small">
          {approval.personLabel === undefined ? (
            'nobody is signed in'
          ) : (
            <>
              for <Value text={approval.personLabel} />
            </>
          )}
          {` · session ${clockTime(approval.sessionStartedAt)}`}
        </span>
      </p>
      {approval.waiting > 1 ? (
        <span className="badge badge-plain">
          {grouped(approval.position)} of {grouped(approval.waiting)}
        </span>
      ) : null}
    </header>
  );
}
