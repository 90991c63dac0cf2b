/** The dashboard keeps nothing of its own: it shows the state that main sends, whole, each time. */
import { useEffect, useState } from 'react';
import type { DashboardState } from '../../main/ipc/dashboard-state.ts';
import { dashboardApi, type Failure } from '../lib/surface.ts';
import { useNow } from '../lib/use-now.ts';
import { Button } from '../ui/button.tsx';
import { DashboardContext } from './dashboard-context.ts';
import type { PageName } from './navigation.tsx';
import { Navigation } from './navigation.tsx';
import { ActivityPage } from './pages/activity.tsx';
import { GuardrailsPage } from './pages/guardrails.tsx';
import { HomePage } from './pages/home.tsx';
import { IdentityPage } from './pages/identity.tsx';
import { McpClientsPage } from './pages/mcp-clients.tsx';
import { PermissionsPage } from './pages/permissions.tsx';
import { ServersPage } from './pages/servers.tsx';
import { FailureAlert } from './parts/alerts.tsx';

const PAGES = {
  home: HomePage,
  permissions: PermissionsPage,
  activity: ActivityPage,
  servers: ServersPage,
  'mcp-clients': McpClientsPage,
  identity: IdentityPage,
  guardrails: GuardrailsPage,
} as const satisfies Record<PageName, () => React.ReactNode>;

export function DashboardPage() {
  const { state, failure, load } = useDashboardState();
  const [page, go] = useState<PageName>('home');
  const nowMs = useNow(15_000);
  if (state === undefined) {
    return (
      <main className="dashboard-loading">
        <FailureAlert failure={failure} />
        {failure === undefined ? <p className="quiet">Reading the state of Countersign.</p> : null}
        {failure === undefined ? null : <Button onClick={load}>Try again</Button>}
      </main>
    );
  }
  const Page = PAGES[page];
  return (
    <DashboardContext value={{ state, nowMs, go }}>
      <div className="dashboard">
        <Navigation page={page} />
        <main className="dashboard-main" key={page}>
          <Page />
        </main>
      </div>
    </DashboardContext>
  );
}

function useDashboardState() {
  const [state, setState] = useState<DashboardState>();
  const [failure, setFailure] = useState<Failure>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const stop = dashboardApi().on['dashboard:changed'](setState);
    void dashboardApi()
      .call['dashboard:state']({})
      .then((reply) => {
        if (!isCurrent) return;
        setFailure(reply.ok ? undefined : reply);
        // A push that came first is newer than the answer.
        if (reply.ok) setState((before) => (attempt === 0 && before !== undefined ? before : reply.value));
      });
    return () => {
      isCurrent = false;
      stop();
    };
  }, [attempt]);
  return { state, failure, load: () => setAttempt((before) => before + 1) };
}
