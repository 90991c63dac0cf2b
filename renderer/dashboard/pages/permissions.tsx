import { useState } from 'react';
import type { DashboardState } from '../../../main/ipc/dashboard-state.ts';
import { ago, counted, dateAndTime, shortTime } from '../../lib/numbers.ts';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { EffectBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { mcpClientName, useDashboard } from '../dashboard-context.ts';
import { FailureAlert } from '../parts/alerts.tsx';
import { freezeSentence } from '../parts/freeze-words.ts';
import { Card, Empty, Page } from '../parts/page.tsx';

type Grant = DashboardState['grants'][number];
type Grouping = 'mcpClientId' | 'serverId';
const SOON_MS = 60 * 60 * 1000;

export function PermissionsPage() {
  const { state, go } = useDashboard();
  const [grouping, setGrouping] = useState<Grouping>('mcpClientId');
  const groups = [...new Set(state.grants.map((grant) => grant[grouping]))];
  return (
    <Page
      title="Permissions"
      actions={groups.length === 0 ? null : <GroupingChoice grouping={grouping} choose={setGrouping} />}
    >
      {groups.length === 0 ? (
        <Card title="In force">
          <Empty>
            Nothing may act without you. When an AI client wants to change something, Countersign asks; choosing “This
            session” there leaves a permission here, and you can revoke it at any time.
          </Empty>
        </Card>
      ) : (
        groups.map((group) => <GrantGroup key={group} group={group} grouping={grouping} />)
      )}
      <Card title="Never without you" actions={<Button onClick={() => go('guardrails')}>Guardrails</Button>}>
        <ul>
          <li className="row">
            <span className="row-badge">
              <EffectBadge effect="delete" />
            </span>
            <div className="row-words">
              <p>Every deletion asks, each time</p>
              <p className="quiet small">No permission can cover one.</p>
            </div>
          </li>
          {state.guardrails
            .filter((freeze) => freeze.enabled)
            .map((freeze) => (
              <li key={freeze.guardrailId} className="row">
                <span className="row-badge">
                  <span className="badge badge-plain">Freeze</span>
                </span>
                <div className="row-words">
                  <p>
                    <Value text={freeze.name} />
                  </p>
                  <p className="quiet small">
                    <Value text={freezeSentence(freeze)} />
                  </p>
                </div>
              </li>
            ))}
        </ul>
      </Card>
    </Page>
  );
}

function GroupingChoice({
  grouping,
  choose,
}: {
  readonly grouping: Grouping;
  readonly choose: (to: Grouping) => void;
}) {
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">Group permissions</legend>
      <label>
        <input
          type="radio"
          name="grouping"
          checked={grouping === 'mcpClientId'}
          onChange={() => choose('mcpClientId')}
        />
        By AI client
      </label>
      <label>
        <input type="radio" name="grouping" checked={grouping === 'serverId'} onChange={() => choose('serverId')} />
        By server
      </label>
    </fieldset>
  );
}

function GrantGroup({ group, grouping }: { readonly group: string; readonly grouping: Grouping }) {
  const { state, nowMs } = useDashboard();
  const grants = state.grants.filter((grant) => grant[grouping] === group);
  const mcpClient = state.mcpClients.find((candidate) => candidate.mcpClientId === group);
  const note =
    grouping === 'serverId' || mcpClient === undefined
      ? undefined
      : [
          mcpClient.connected ? 'connected' : 'not connected',
          ...(mcpClient.lastCallAt === undefined ? [] : [`last call ${ago(mcpClient.lastCallAt, nowMs)}`]),
        ].join(' · ');
  return (
    <Card title={<Value text={grouping === 'serverId' ? group : mcpClientName(state, group)} />} note={note}>
      <ul>
        {grants.map((grant) => (
          <GrantRow key={grant.grantId} grant={grant} />
        ))}
      </ul>
    </Card>
  );
}

function GrantRow({ grant }: { readonly grant: Grant }) {
  const { nowMs } = useDashboard();
  const revoke = useAction(() => dashboardApi().call['grants:revoke']({ grantId: grant.grantId }));
  const msLeft = grant.expiresAt === undefined ? undefined : Date.parse(grant.expiresAt) - nowMs;
  return (
    <li>
      <div className="row">
        <span className="row-badge">
          <EffectBadge effect={grant.effect} />
        </span>
        <div className="row-words">
          <p>
            <Value text={grant.sentence} />
          </p>
          <p className="quiet small">
            <Value text={grant.history} />
          </p>
        </div>
        <div className="row-limit small quiet">
          <p>{grant.uses === 0 ? 'not used yet' : `used ${counted(grant.uses, 'time')}`}</p>
          {grant.expiresAt === undefined || msLeft === undefined ? null : (
            <p className={msLeft < SOON_MS ? 'row-soon' : ''} title={dateAndTime(grant.expiresAt)}>
              {msLeft < SOON_MS
                ? `ends in ${Math.max(0, Math.ceil(msLeft / 60_000))} min`
                : `until ${shortTime(grant.expiresAt, nowMs)}`}
            </p>
          )}
        </div>
        <Button onClick={() => void revoke.run()} disabled={revoke.busy}>
          Revoke
          <span className="visually-hidden">
            {' '}
            <Value text={grant.sentence} />
          </span>
        </Button>
      </div>
      <FailureAlert failure={revoke.failure} />
    </li>
  );
}
