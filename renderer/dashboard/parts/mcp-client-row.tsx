import type { DashboardState } from '../../../main/ipc/dashboard-state.ts';
import { ago, counted, dateAndTime } from '../../lib/numbers.ts';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Value } from '../../ui/value.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { FailureAlert } from './alerts.tsx';
import { ConfirmButton } from './confirm-button.tsx';
import type { NewKey } from './key-card.tsx';
import { ServerOffer } from './server-offer.tsx';

type McpClient = DashboardState['mcpClients'][number];

type McpClientRowProps = { readonly mcpClient: McpClient; readonly onNewKey: (newKey: NewKey) => void };

export function McpClientRow({ mcpClient, onNewKey }: McpClientRowProps) {
  const { nowMs } = useDashboard();
  const { mcpClientId } = mcpClient;
  const rotate = useAction(() => dashboardApi().call['mcp-clients:rotate']({ mcpClientId }));
  const giveNewKey = async () => {
    const newKey = await rotate.run();
    if (newKey !== undefined) onNewKey(newKey);
  };
  const remove = useAction(() => dashboardApi().call['mcp-clients:remove']({ mcpClientId }));
  const last = mcpClient.lastCallAt === undefined ? 'no call yet' : `last call ${ago(mcpClient.lastCallAt, nowMs)}`;
  return (
    <li>
      <div className="row">
        <span className="row-badge">
          <span className={`state-word tone-${mcpClient.connected ? 'good' : 'quiet'}`}>
            {mcpClient.connected ? 'Connected' : 'Away'}
          </span>
        </span>
        <div className="row-words">
          <p>
            <strong>
              <Value text={mcpClient.name} />
            </strong>
          </p>
          <p className="quiet small">{`${last} · paired ${dateAndTime(mcpClient.pairedAt)}`}</p>
        </div>
        <p className="row-limit small quiet">{counted(mcpClient.callsToday, 'call')} today</p>
        <ConfirmButton
          label="New key"
          of={mcpClient.name}
          question="Its key of now ends at once."
          confirmLabel="Make a new one"
          busy={rotate.busy}
          onConfirm={() => void giveNewKey()}
        />
        <ConfirmButton
          label="Remove"
          of={mcpClient.name}
          question="Its key and its permissions end now."
          confirmLabel="Remove it"
          busy={remove.busy}
          onConfirm={() => void remove.run()}
        />
      </div>
      <ServerOffer mcpClient={mcpClient} />
      <FailureAlert failure={rotate.failure ?? remove.failure} />
    </li>
  );
}
