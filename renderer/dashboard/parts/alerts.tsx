import type { ReactNode } from 'react';
import type { Failure } from '../../lib/surface.ts';
import { Value } from '../../ui/value.tsx';

type AlertProps = {
  readonly severity: 'info' | 'warning' | 'danger';
  /** `now`: read out at once. */
  readonly says?: 'now' | 'politely';
  readonly children: ReactNode;
};

export function Alert({ severity, says = 'politely', children }: AlertProps) {
  return (
    <div className={`alert alert-${severity}`} role={says === 'now' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

/** A failure beside what failed: the sentence names the cause and the mend. */
export function FailureAlert({ failure }: { readonly failure: Failure | undefined }) {
  if (failure === undefined) return null;
  return (
    <Alert severity="danger" says="now">
      <p>
        <Value text={failure.message} />
      </p>
    </Alert>
  );
}
