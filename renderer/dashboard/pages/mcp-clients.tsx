import { type FormEvent, useState } from 'react';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { FailureAlert } from '../parts/alerts.tsx';
import { KeyCard, type NewKey } from '../parts/key-card.tsx';
import { McpClientRow } from '../parts/mcp-client-row.tsx';
import { Card, Empty, Page } from '../parts/page.tsx';

export function McpClientsPage() {
  const { state } = useDashboard();
  const [newKey, setNewKey] = useState<NewKey>();
  return (
    <Page title="AI clients">
      {newKey === undefined ? (
        <PairForm onPaired={setNewKey} />
      ) : (
        <KeyCard newKey={newKey} onDone={() => setNewKey(undefined)} />
      )}
      <Card title="Connected to Countersign">
        {state.mcpClients.length === 0 ? (
          <Empty>No AI client yet. Give one a name above; you get a key and the lines for its settings.</Empty>
        ) : (
          <ul>
            {state.mcpClients.map((mcpClient) => (
              <McpClientRow key={mcpClient.mcpClientId} mcpClient={mcpClient} onNewKey={setNewKey} />
            ))}
          </ul>
        )}
      </Card>
    </Page>
  );
}

function PairForm({ onPaired }: { readonly onPaired: (newKey: NewKey) => void }) {
  const [name, setName] = useState('');
  const pair = useAction(() => dashboardApi().call['mcp-clients:pair']({ name: name.trim() }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const newKey = await pair.run();
    if (newKey !== undefined) onPaired(newKey);
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
