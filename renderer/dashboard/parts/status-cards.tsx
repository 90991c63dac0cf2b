import type { ReactNode } from 'react';
import type { DashboardState } from '../../../main/ipc/dashboard-state.ts';
import { counted } from '../../lib/numbers.ts';
import { Value } from '../../ui/value.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { CopyButton } from './copy-button.tsx';
import { SignInButton } from './sign-in-button.tsx';

type Status = { readonly word: string; readonly tone: 'good' | 'bad' | 'waiting' | 'quiet' };

/** Identity, bridge, vault and log at a glance; each says plainly when something is less than it could be. */
export function StatusCards() {
  const { state } = useDashboard();
  const { identity, bridge, vault, audit } = state;
  // The first steps offer it then; one view has one way.
  const isFirstStep = identity.status !== 'signed-in' && state.calls.length === 0;
  return (
    <ul className="status-cards">
      <StatusCard
        label="You"
        status={IDENTITY[identity.status]}
        action={isFirstStep ? null : <SignInButton kind="plain" />}
      >
        {identity.status === 'signed-in' ? (
          <Value text={identity.person.email ?? identity.person.name ?? identity.person.subject} />
        ) : (
          'Reads of servers that need you wait until you sign in.'
        )}
      </StatusCard>
      <StatusCard
        label="Bridge"
        status={BRIDGE[bridge.state]}
        action={bridge.url === undefined ? null : <CopyButton text={bridge.url} what="the address of the bridge" />}
      >
        {bridge.error !== undefined ? (
          <Value text={bridge.error} />
        ) : bridge.url === undefined ? (
          'AI clients cannot reach it.'
        ) : (
          <Value text={bridge.url} mono />
        )}
      </StatusCard>
      <StatusCard
        label="Vault"
        status={
          vault.mode === 'encrypted' ? { word: 'Encrypted', tone: 'good' } : { word: 'Memory only', tone: 'waiting' }
        }
      >
        <Value text={vault.reason} />
      </StatusCard>
      <StatusCard
        label="Audit log"
        status={audit.ok ? { word: 'Verifies', tone: 'good' } : { word: 'Broken', tone: 'bad' }}
      >
        {audit.problem === undefined ? counted(audit.records, 'record') : <Value text={audit.problem} />}
      </StatusCard>
    </ul>
  );
}

const IDENTITY = {
  'signed-out': { word: 'Not signed in', tone: 'waiting' },
  'signing-in': { word: 'Signing in', tone: 'waiting' },
  'signed-in': { word: 'Signed in', tone: 'good' },
} as const satisfies Record<DashboardState['identity']['status'], Status>;

const BRIDGE = {
  starting: { word: 'Starting', tone: 'waiting' },
  ready: { word: 'Ready', tone: 'good' },
  stopped: { word: 'Stopped', tone: 'bad' },
  failed: { word: 'Failed', tone: 'bad' },
} as const satisfies Record<DashboardState['bridge']['state'], Status>;

type StatusCardProps = {
  readonly label: string;
  readonly status: Status;
  readonly action?: ReactNode;
  readonly children: ReactNode;
};

function StatusCard({ label, status, action, children }: StatusCardProps) {
  return (
    <li className="status-card">
      <p className="status-head">
        <strong>{label}</strong>
        <span className={`state-word tone-${status.tone}`}>{status.word}</span>
      </p>
      <p className="quiet small status-text">{children}</p>
      {action}
    </li>
  );
}
