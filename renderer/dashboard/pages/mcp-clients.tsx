import { type FormEvent, useState } from 'react';
import type { ResponseOf } from '../../../main/ipc/contract.ts';
import type { DashboardState } from '../../../main/ipc/dashboard-state.ts';
import { ago, counted, dateAndTime } from '../../lib/numbers.ts';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { FailureAlert } from '../parts/alerts.tsx';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Card, Empty, Page, useFocusOnOpen } from '../parts/page.tsx';

type McpClient = DashboardState['mcpClients'][number];
type Pairing = ResponseOf<'mcp-clients:pair'>;

export function McpClientsPage() {
  const { state } = useDashboard();
  const [pairing, setPairing] = useState<Pairing>();
  return (
    <Page title="AI clients">
      {pairing === undefined ? (
        <PairForm onPaired={setPairing} />
      ) : (
        <PairedCard pairing={pairing} onDone={() => setPairing(undefined)} />
      )}
      <Card title="Connected to Countersign">
        {state.mcpClients.length === 0 ? (
          <Empty>No AI client yet. Give one a name above; you get a key and the lines for its settings.</Empty>
        ) : (
          <ul>
            {state.mcpClients.map((mcpClient) => (
              <McpClientRow key={mcpClient.mcpClientId} mcpClient={mcpClient} />
            ))}
          </ul>
        )}
      </Card>
    </Page>
  );
}

function PairForm({ onPaired }: { readonly onPaired: (pairing: Pairing) => void }) {
  const [name, setName] = useState('');
  const pair = useAction(() => dashboardApi().call['mcp-clients:pair']({ name: name.trim() }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const pairing = await pair.run();
    if (pairing !== undefined) onPaired(pairing);
  };
  return (
    <Card title="Connect an AI client" note="Each has a key of its own, so each can be told apart and removed.">
      <form className="form form-row" onSubmit={(event) => void submit(event)}>
        <div className="field field-grow">
          <label htmlFor="pair-name">Name</label>
          <input
            id="pair-name"
            className="input"
            value={name}
            onChange={(event) => setName(event.target.value)}
            placeholder="Claude Code on this laptop"
            maxLength={80}
            autoComplete="off"
          />
        </div>
        <Button kind="primary" size="large" submits disabled={pair.busy || name.trim() === ''}>
          Create key
        </Button>
      </form>
      <FailureAlert failure={pair.failure} />
    </Card>
  );
}

/** SECURITY(I5): the key lives in this component only, until the person goes on. */
function PairedCard({ pairing, onDone }: { readonly pairing: Pairing; readonly onDone: () => void }) {
  const key = useFocusOnOpen<HTMLDivElement>();
  return (
    <Card
      title="Key created"
      note="It is shown this once. Countersign keeps only its fingerprint."
      actions={<Button onClick={onDone}>Done</Button>}
    >
      <div className="form">
        <div className="copy-line" ref={key} tabIndex={-1}>
          <span className="field-label">Key</span>
          <Value text={pairing.key} mono lines="multi-line" />
          <CopyButton text={pairing.key} what="the key" />
        </div>
        <div className="copy-line">
          <span className="field-label">Address</span>
          <Value text={pairing.url} mono lines="multi-line" />
          <CopyButton text={pairing.url} what="the address" />
        </div>
        {pairing.snippets.map((snippet) => (
          <div key={snippet.title} className="copy-line">
            <span className="field-label">
              <Value text={snippet.title} />
            </span>
            <Value text={snippet.text} mono lines="multi-line" />
            <CopyButton text={snippet.text} what={`the lines for ${snippet.title}`} />
          </div>
        ))}
      </div>
    </Card>
  );
}

function McpClientRow({ mcpClient }: { readonly mcpClient: McpClient }) {
  const { nowMs } = useDashboard();
  const remove = useAction(() => dashboardApi().call['mcp-clients:remove']({ mcpClientId: mcpClient.mcpClientId }));
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
          label="Remove"
          of={mcpClient.name}
          question="Its key and its permissions end now."
          confirmLabel="Remove it"
          busy={remove.busy}
          onConfirm={() => void remove.run()}
        />
      </div>
      <FailureAlert failure={remove.failure} />
    </li>
  );
}
