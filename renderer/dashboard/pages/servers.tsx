import { useState } from 'react';
import { counted } from '../../lib/numbers.ts';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { EffectBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { AddServerForm } from '../parts/add-server-form.tsx';
import { Alert, FailureAlert } from '../parts/alerts.tsx';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { EffectChoice } from '../parts/effect-choice.tsx';
import { Card, Empty, Page } from '../parts/page.tsx';
import { ServerSignIn, SignInFacts, SignOutButton } from '../parts/server-sign-in.tsx';
import { type Server, ServerState } from '../parts/server-state.tsx';
import { ToolDefinition } from '../parts/tool-definition.tsx';
import { type Tool, ToolReview } from '../parts/tool-review.tsx';

export function ServersPage() {
  const { servers } = useDashboard().state;
  const addDemo = useAction(() => dashboardApi().call['servers:add-demo']({}));
  const demoButton = (
    <Button onClick={() => void addDemo.run()} disabled={addDemo.busy}>
      Add demo servers
    </Button>
  );
  return (
    <Page title="Servers">
      {servers.length === 0 ? (
        <Card title="No server yet">
          <Empty action={demoButton}>
            A server gives AI clients tools: files, git, a database. Add one below, or begin with three demo servers on
            a folder of their own.
          </Empty>
        </Card>
      ) : (
        servers.map((each) => <ServerCard key={each.serverId} server={each} />)
      )}
      <FailureAlert failure={addDemo.failure} />
      <AddServerForm />
    </Page>
  );
}

function ServerCard({ server }: { readonly server: Server }) {
  const remove = useAction(() => dashboardApi().call['servers:remove']({ serverId: server.serverId }));
  return (
    <Card
      title={<Value text={server.serverId} />}
      note={<ServerState server={server} />}
      actions={
        <>
          <SignOutButton server={server} />
          <ConfirmButton
            label="Remove"
            of={server.serverId}
            question="Its tools and permissions end now."
            confirmLabel="Remove it"
            busy={remove.busy}
            onConfirm={() => void remove.run()}
          />
        </>
      }
    >
      <FailureAlert failure={remove.failure} />
      <ServerSignIn server={server} />
      {server.lastError === undefined || (server.signIn !== undefined && server.state === 'sign-in-needed') ? null : (
        <Alert severity="danger">
          <p>
            <Value text={server.lastError} />
          </p>
        </Alert>
      )}
      <dl className="facts">
        <div>
          <dt>{/^https?:/.test(server.endpoint) ? 'Address' : 'Command'}</dt>
          <dd>
            <Value text={server.endpoint} mono />
          </dd>
        </div>
        <SignInFacts signIn={server.signIn} />
        {server.environment === undefined ? null : (
          <div>
            <dt>Environment</dt>
            <dd>
              <Value text={server.environment} />
            </dd>
          </div>
        )}
        {server.era === undefined ? null : (
          <div>
            <dt>Protocol</dt>
            <dd>
              <Value text={server.era} />
            </dd>
          </div>
        )}
      </dl>
      <ToolReview server={server} />
      <ToolList server={server} />
    </Card>
  );
}

function ToolList({ server }: { readonly server: Server }) {
  const tools = server.tools.filter((tool) => tool.review === 'reviewed' || tool.review === 'refused');
  const [isOpen, setIsOpen] = useState(false);
  if (tools.length === 0) return server.tools.length === 0 ? <Empty>It offers no tools yet.</Empty> : null;
  return (
    <details className="tools" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        {counted(tools.length, 'tool')}
        <span className="visually-hidden">
          {' of '}
          <Value text={server.serverId} />
        </span>{' '}
        <span className="quiet small">{effectCounts(tools)}</span>
      </summary>
      {isOpen ? (
        <VirtualRows
          count={tools.length}
          rowHeightPx={64}
          renderRow={(index) => {
            const tool = tools[index];
            return tool === undefined ? null : <ToolRow key={tool.name} tool={tool} serverId={server.serverId} />;
          }}
        />
      ) : null}
    </details>
  );
}

function ToolRow({ tool, serverId }: { readonly tool: Tool; readonly serverId: string }) {
  return (
    <div className="row row-top">
      <span className="row-badge">
        <EffectBadge effect={tool.effect} more={tool.decidedByArguments ? 'at worst' : undefined} />
      </span>
      <div className="row-words">
        <p>
          <Value text={tool.name} mono />
          {tool.review === 'refused' ? <span className="finding"> Refused: cannot be called</span> : null}
        </p>
        {tool.findings.map((finding) => (
          <p key={finding} className="finding">
            <Value text={finding} />
          </p>
        ))}
        <ToolDefinition tool={tool} />
      </div>
      <EffectChoice tool={tool} serverId={serverId} />
    </div>
  );
}

function effectCounts(tools: readonly Tool[]): string {
  const of = (effect: Tool['effect']) => tools.filter((tool) => tool.effect === effect).length;
  const parts = [
    [of('read'), 'read'],
    [of('write'), 'write'],
    [of('delete'), 'delete'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, verb]) => `${count} ${verb}`)
    .join(' · ');
}
