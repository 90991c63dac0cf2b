import type { DashboardState } from '../../../main/ipc/dashboard-state.ts';
import { Button } from '../../ui/button.tsx';
import { useDashboard } from '../dashboard-context.ts';
import type { PageName } from '../navigation.tsx';
import { toReview } from '../navigation.tsx';
import { Card } from './page.tsx';
import { SignInButton } from './sign-in-button.tsx';

type Step = {
  readonly text: string;
  readonly isDone: (state: DashboardState) => boolean;
  readonly page?: PageName;
  readonly action?: string;
  readonly signsIn?: true;
};

const STEPS: readonly Step[] = [
  {
    text: 'Sign in',
    isDone: (state) => state.identity.status === 'signed-in',
    signsIn: true,
  },
  {
    text: 'Add a server, so that there is something to act on',
    isDone: (state) => state.servers.length > 0,
    page: 'servers',
    action: 'Go to Servers',
  },
  {
    text: 'Look through its tools; none can be called before',
    isDone: (state) => state.servers.length > 0 && toReview(state) === 0,
    page: 'servers',
    action: 'Go to Servers',
  },
  {
    text: 'Connect an AI client',
    isDone: (state) => state.mcpClients.length > 0,
    page: 'mcp-clients',
    action: 'Go to AI clients',
  },
  { text: 'Let it work: reads flow, everything else asks you here', isDone: (state) => state.calls.length > 0 },
];

/** What is left to do before the first call; gone once everything is done. */
export function FirstSteps() {
  const { state, go } = useDashboard();
  const next = STEPS.find((step) => !step.isDone(state));
  if (next === undefined || state.calls.length > 0) return null;
  return (
    <Card title="First steps">
      <ol>
        {STEPS.map((step, index) => {
          const isDone = step.isDone(state);
          return (
            <li key={step.text} className="row row-small">
              <span className={isDone ? 'step-number step-done' : 'step-number'} aria-hidden="true">
                {isDone ? '✓' : index + 1}
              </span>
              <p className={isDone ? 'row-words quiet' : 'row-words'}>
                {step.text}
                {isDone ? <span className="visually-hidden">: done</span> : null}
              </p>
              {step === next && step.signsIn ? <SignInButton /> : null}
              {step === next && step.page !== undefined ? (
                <Button kind="primary" onClick={() => go(step.page ?? 'home')}>
                  {step.action}
                </Button>
              ) : null}
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
