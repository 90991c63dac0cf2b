import { useId } from 'react';
import type { DashboardState } from '../../../main/ipc/dashboard-state.ts';
import { counted } from '../../lib/numbers.ts';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Value } from '../../ui/value.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { FailureAlert } from './alerts.tsx';

type McpClient = DashboardState['mcpClients'][number];

/** Which servers this AI client is offered. For it the others do not exist: not listed, not callable, not readable. */
export function ServerOffer({ mcpClient }: { readonly mcpClient: McpClient }) {
  const { state } = useDashboard();
  const radios = useId();
  const { mcpClientId, name, serverIds } = mcpClient;
  const offer = useAction((chosen: readonly string[] | undefined) =>
    dashboardApi().call['mcp-clients:offer-servers']({
      mcpClientId,
      ...(chosen === undefined ? {} : { serverIds: [...chosen] }),
    }),
  );
  const all = state.servers.map(({ serverId }) => serverId);
  const toggle = (serverId: string, isOffered: boolean) =>
    void offer.run(all.filter((each) => (each === serverId ? isOffered : (serverIds?.includes(each) ?? false))));
  return (
    <details className="server-offer">
      <summary className="small">
        Servers: {serverIds === undefined ? 'all' : counted(serverIds.length, 'server')}
        <span className="visually-hidden">
          {' of '}
          <Value text={name} />
        </span>
      </summary>
      <fieldset className="choices" disabled={offer.busy}>
        <legend className="visually-hidden">
          Servers offered to <Value text={name} />
        </legend>
        <label>
          <input
            type="radio"
            name={radios}
            checked={serverIds === undefined}
            onChange={() => void offer.run(undefined)}
          />
          All servers, also those to come
        </label>
        <label>
          <input type="radio" name={radios} checked={serverIds !== undefined} onChange={() => void offer.run(all)} />
          Only these
        </label>
        {serverIds === undefined
          ? null
          : all.map((serverId) => (
              <label key={serverId}>
                <input
                  type="checkbox"
                  checked={serverIds.includes(serverId)}
                  onChange={(event) => toggle(serverId, event.target.checked)}
                />
                <Value text={serverId} />
              </label>
            ))}
      </fieldset>
      <FailureAlert failure={offer.failure} />
    </details>
  );
}
