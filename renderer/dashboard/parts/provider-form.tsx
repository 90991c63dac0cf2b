import { type FormEvent, useState } from 'react';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { FailureAlert } from './alerts.tsx';
import { Card } from './page.tsx';

export function ProviderForm() {
  const { identityProvider, identity } = useDashboard().state;
  const [kind, setKind] = useState(identityProvider.kind);
  const [issuer, setIssuer] = useState(identityProvider.kind === 'own' ? (identityProvider.issuer ?? '') : '');
  const [oauthClientId, setOauthClientId] = useState(identityProvider.oauthClientId ?? '');
  const save = useAction(() =>
    dashboardApi().call['identity:use-provider'](
      kind === 'demo' ? { kind } : { kind, issuer: issuer.trim(), oauthClientId: oauthClientId.trim() },
    ),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save.run();
  };
  const isComplete = kind === 'demo' || (issuer.trim() !== '' && oauthClientId.trim() !== '');
  const isSame =
    kind === identityProvider.kind &&
    (kind === 'demo' || (issuer === identityProvider.issuer && oauthClientId === identityProvider.oauthClientId));
  return (
    <Card title="Identity provider" note={identity.status === 'signed-in' ? 'Changing it signs you out.' : undefined}>
      <form className="form" onSubmit={submit}>
        <fieldset className="choices">
          <legend className="visually-hidden">Which provider</legend>
          <label>
            <input type="radio" name="provider" checked={kind === 'demo'} onChange={() => setKind('demo')} />
            <span>
              Demo provider
              <span className="quiet small"> runs on this computer, one made-up person, for trying things out</span>
            </span>
          </label>
          <label>
            <input type="radio" name="provider" checked={kind === 'own'} onChange={() => setKind('own')} />
            <span>
              Your own
              <span className="quiet small"> any OpenID Connect provider</span>
            </span>
          </label>
        </fieldset>
        {kind === 'demo' ? null : (
          <>
            <div className="field">
              <label htmlFor="provider-issuer">Issuer address</label>
              <input
                id="provider-issuer"
                className="input input-mono"
                type="url"
                value={issuer}
                onChange={(event) => setIssuer(event.target.value)}
                placeholder="https://login.example.com"
                maxLength={2000}
                autoComplete="off"
                spellCheck={false}
              />
            </div>
            <div className="field">
              <label htmlFor="provider-client">OAuth client id</label>
              <input
                id="provider-client"
                className="input input-mono"
                value={oauthClientId}
                onChange={(event) => setOauthClientId(event.target.value)}
                maxLength={300}
                autoComplete="off"
                spellCheck={false}
              />
            </div>
          </>
        )}
        <FailureAlert failure={save.failure} />
        <div className="form-actions">
          <Button submits disabled={save.busy || !isComplete || isSame}>
            Use this provider
          </Button>
        </div>
      </form>
    </Card>
  );
}
