import type { DashboardState } from '../../../main/ipc/dashboard-state.ts';
import { ago, counted, grouped, timeLeft } from '../../lib/numbers.ts';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { useNow } from '../../lib/use-now.ts';
import { EffectBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { Alert, FailureAlert } from '../parts/alerts.tsx';
import { CallRow } from '../parts/call-row.tsx';
import { FirstSteps } from '../parts/first-steps.tsx';
import { Card, Empty, Page } from '../parts/page.tsx';
import { ServerState } from '../parts/server-state.tsx';
import { StatusCards } from '../parts/status-cards.tsx';

const CALLS_SHOWN = 6;

export function HomePage() {
  const { state, go } = useDashboard();
  return (
    <Page title="Home">
      {state.notices.map((notice) => (
        <Alert key={notice.id} severity={notice.severity}>
          <p>
            <Value text={notice.text} />
          </p>
        </Alert>
      ))}
      <WaitingCard />
      <FirstSteps />
      <StatusCards />
      <div className="two-columns">
        <McpClientsCard />
        <ServersCard />
      </div>
      {state.calls.length === 0 ? null : (
        <Card title="Last calls" actions={<Button onClick={() => go('activity')}>All activity</Button>}>
          {state.calls.slice(0, CALLS_SHOWN).map((call) => (
            <CallRow key={call.callId} call={call} />
          ))}
        </Card>
      )}
    </Page>
  );
}

function WaitingCard() {
  const { state } = useDashboard();
  const bringForward = useAction(() => dashboardApi().call['approvals:bring-forward']({}));
  if (state.pending.length === 0) return null;
  return (
    <Card
      title="Waiting for you"
      note={counted(state.pending.length, 'request')}
      actions={
        <Button kind="primary" onClick={() => void bringForward.run()} disabled={bringForward.busy}>
          Show
        </Button>
      }
    >
      <ul>
        {state.pending.map((pending) => (
          <PendingRow key={pending.approvalId} pending={pending} />
        ))}
      </ul>
      <FailureAlert failure={bringForward.failure} />
    </Card>
  );
}

function PendingRow({ pending }: { readonly pending: DashboardState['pending'][number] }) {
  const nowMs = useNow(1000);
  return (
    <li className="row">
      <span className="row-badge">
        <EffectBadge effect={pending.effect} />
      </span>
      <div className="row-words">
        <p>
          <Value text={pending.headline} />
        </p>
        <p className="quiet small">
          <Value text={pending.mcpClientName} /> asked {ago(pending.askedAt, nowMs)}
        </p>
      </div>
      <p className="row-limit small quiet">Denied by itself in {timeLeft(Date.parse(pending.expiresAt) - nowMs)}</p>
    </li>
  );
}

function McpClientsCard() {
  const { state, nowMs, go } = useDashboard();
  return (
    <Card title="AI clients" actions={<Button onClick={() => go('mcp-clients')}>Manage AI clients</Button>}>
      {state.mcpClients.length === 0 ? (
        <Empty>None is connected to Countersign yet.</Empty>
      ) : (
        <ul>
          {state.mcpClients.map((mcpClient) => (
            <li key={mcpClient.mcpClientId} className="row row-small">
              <div className="row-words">
                <p>
                  <Value text={mcpClient.name} />
                </p>
                <p className="quiet small">
                  {mcpClient.lastCallAt === undefined ? 'no call yet' : `last call ${ago(mcpClient.lastCallAt, nowMs)}`}
                  {` · ${counted(mcpClient.callsToday, 'call')} today`}
                </p>
              </div>
              <span className={`state-word tone-${mcpClient.connected ? 'good' : 'quiet'}`}>
                {mcpClient.connected ? 'Connected' : 'Away'}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function ServersCard() {
  const { state, go } = useDashboard();
  return (
    <Card title="Servers" actions={<Button onClick={() => go('servers')}>Manage servers</Button>}>
      {state.servers.length === 0 ? (
        <Empty>None is connected to Countersign yet.</Empty>
      ) : (
        <ul>
          {state.servers.map((each) => (
            <li key={each.serverId} className="row row-small">
              <div className="row-words">
                <p>
                  <Value text={each.serverId} />
                  {each.environment === undefined ? null : (
                    <span className="quiet">
                      {' · '}
                      <Value text={each.environment} />
                    </span>
                  )}
                </p>
                <p className="quiet small">{grouped(each.tools.length)} tools</p>
              </div>
              <ServerState server={each} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
