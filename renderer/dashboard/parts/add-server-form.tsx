import { type FormEvent, useState } from 'react';
import type { RequestOf } from '../../../main/ipc/contract.ts';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { FailureAlert } from './alerts.tsx';
import { Card } from './page.tsx';

type Draft = {
  serverId: string;
  kind: 'command' | 'url';
  command: string;
  args: string;
  variables: string;
  url: string;
  oauthClientId: string;
  oauthClientSecret: string;
  environment: string;
};
const EMPTY: Draft = {
  serverId: '',
  kind: 'command',
  command: '',
  args: '',
  variables: '',
  url: '',
  oauthClientId: '',
  oauthClientSecret: '',
  environment: '',
};
const SERVER_ID = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** One argument a line: nothing is split or interpreted, so what is typed is what the program gets. */
export function addServerMessage(draft: Draft): RequestOf<'servers:add'> {
  const environment = draft.environment.trim();
  const shared = { serverId: draft.serverId.trim(), ...(environment === '' ? {} : { environment }) };
  if (draft.kind === 'url') return { ...shared, url: draft.url.trim(), ...oauthClient(draft) };
  const args = draft.args.split('\n').filter((line) => line !== '');
  const variables = environmentVariables(draft.variables);
  return {
    ...shared,
    command: draft.command.trim(),
    args,
    ...(Object.keys(variables).length === 0 ? {} : { env: variables }),
  };
}

/** A secret without an id belongs to nothing. */
function oauthClient(draft: Draft): Pick<RequestOf<'servers:add'>, 'oauthClientId' | 'oauthClientSecret'> {
  const oauthClientId = draft.oauthClientId.trim();
  if (oauthClientId === '') return {};
  const oauthClientSecret = draft.oauthClientSecret.trim();
  return { oauthClientId, ...(oauthClientSecret === '' ? {} : { oauthClientSecret }) };
}

/** NAME=value a line; a line without a name stays as it is, so that main refuses it and says so. */
function environmentVariables(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1)];
    }),
  );
}

export function AddServerForm() {
  const [draft, setDraft] = useState(EMPTY);
  const add = useAction(() => dashboardApi().call['servers:add'](addServerMessage(draft)));
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const isNamed = SERVER_ID.test(draft.serverId.trim());
  const isComplete = isNamed && (draft.kind === 'url' ? draft.url : draft.command).trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void add.run().then((done) => done !== undefined && setDraft(EMPTY));
  };
  return (
    <Card title="Add a server" note="Countersign starts or reaches it; AI clients never do.">
      <form className="form" onSubmit={submit}>
        <fieldset className="segments">
          <legend className="visually-hidden">Kind of server</legend>
          <label>
            <input
              type="radio"
              name="kind"
              checked={draft.kind === 'command'}
              onChange={() => change({ kind: 'command' })}
            />
            Program on this computer
          </label>
          <label>
            <input type="radio" name="kind" checked={draft.kind === 'url'} onChange={() => change({ kind: 'url' })} />
            Address
          </label>
        </fieldset>
        <div className="form-columns">
          <div className="field">
            <label htmlFor="server-id">Name</label>
            <input
              id="server-id"
              className="input input-mono"
              value={draft.serverId}
              onChange={(event) => change({ serverId: event.target.value })}
              aria-describedby="server-id-hint"
              maxLength={40}
              autoComplete="off"
              spellCheck={false}
            />
            <p className="hint" id="server-id-hint">
              Small letters, digits and hyphens
            </p>
          </div>
          <div className="field">
            <label htmlFor="server-environment">Environment</label>
            <input
              id="server-environment"
              className="input"
              value={draft.environment}
              onChange={(event) => change({ environment: event.target.value })}
              aria-describedby="server-environment-hint"
              maxLength={60}
              autoComplete="off"
              spellCheck={false}
            />
            <p className="hint" id="server-environment-hint">
              “production” asks twice before anything changes
            </p>
          </div>
        </div>
        {draft.kind === 'url' ? (
          <>
            <div className="field">
              <label htmlFor="server-url">Address</label>
              <input
                id="server-url"
                className="input input-mono"
                value={draft.url}
                onChange={(event) => change({ url: event.target.value })}
                placeholder="https://mcp.example.com/mcp"
                maxLength={2000}
                autoComplete="off"
                spellCheck={false}
                aria-describedby="server-url-hint"
              />
              <p className="hint" id="server-url-hint">
                If it wants you to sign in, a button for that appears once it is added
              </p>
            </div>
            <OauthClientFields draft={draft} change={change} />
          </>
        ) : (
          <>
            <div className="field">
              <label htmlFor="server-command">Command</label>
              <input
                id="server-command"
                className="input input-mono"
                value={draft.command}
                onChange={(event) => change({ command: event.target.value })}
                placeholder="npx"
                maxLength={4000}
                autoComplete="off"
                spellCheck={false}
              />
            </div>
            <div className="field">
              <label htmlFor="server-args">Arguments, one a line</label>
              <textarea
                id="server-args"
                className="input input-mono"
                rows={3}
                value={draft.args}
                onChange={(event) => change({ args: event.target.value })}
                spellCheck={false}
              />
            </div>
            <div className="field">
              <label htmlFor="server-variables">Environment variables, one a line</label>
              <textarea
                id="server-variables"
                className="input input-mono"
                rows={2}
                placeholder="NAME=value"
                value={draft.variables}
                onChange={(event) => change({ variables: event.target.value })}
                spellCheck={false}
              />
            </div>
          </>
        )}
        <FailureAlert failure={add.failure} />
        <div className="form-actions">
          <Button kind="primary" submits disabled={add.busy || !isComplete}>
            Add server
          </Button>
        </div>
      </form>
    </Card>
  );
}

type FieldsProps = { readonly draft: Draft; readonly change: (part: Partial<Draft>) => void };

/** Few need this: most servers let an app register itself. */
function OauthClientFields({ draft, change }: FieldsProps) {
  return (
    <details className="form-more">
      <summary>It gave me an OAuth client</summary>
      <div className="form-columns">
        <div className="field">
          <label htmlFor="server-oauth-client">OAuth client id</label>
          <input
            id="server-oauth-client"
            className="input input-mono"
            value={draft.oauthClientId}
            onChange={(event) => change({ oauthClientId: event.target.value })}
            aria-describedby="server-oauth-client-hint"
            maxLength={2000}
            autoComplete="off"
            spellCheck={false}
          />
          <p className="hint" id="server-oauth-client-hint">
            Its redirect address is http://127.0.0.1/callback
          </p>
        </div>
        <div className="field">
          <label htmlFor="server-oauth-secret">OAuth client secret</label>
          <input
            id="server-oauth-secret"
            className="input input-mono"
            type="password"
            value={draft.oauthClientSecret}
            onChange={(event) => change({ oauthClientSecret: event.target.value })}
            aria-describedby="server-oauth-secret-hint"
            maxLength={4000}
            autoComplete="off"
          />
          <p className="hint" id="server-oauth-secret-hint">
            Only if it came with one; it is kept in the vault
          </p>
        </div>
      </div>
    </details>
  );
}
