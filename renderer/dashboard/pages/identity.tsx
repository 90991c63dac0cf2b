import { type FormEvent, useState } from 'react';
import { dateAndTime } from '../../lib/numbers.ts';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { FailureAlert } from '../parts/alerts.tsx';
import { Card, Page } from '../parts/page.tsx';
import { ProviderForm } from '../parts/provider-form.tsx';
import { SignInButton } from '../parts/sign-in-button.tsx';

export function IdentityPage() {
  const { state } = useDashboard();
  return (
    <Page title="Identity">
      <SignInCard />
      <ProviderForm key={JSON.stringify(state.identityProvider)} />
      <Card title="Where tokens are kept">
        <div className="form">
          <p>
            {state.vault.mode === 'encrypted'
              ? 'On this computer, encrypted with a key from the system keychain.'
              : 'In memory only: nothing is written down, and you sign in again after every start.'}
          </p>
          <p className="quiet small">
            <Value text={state.vault.reason} />
          </p>
        </div>
      </Card>
      <PhraseForm key={state.phrase} />
    </Page>
  );
}

function SignInCard() {
  const { identity } = useDashboard().state;
  switch (identity.status) {
    case 'signed-out':
      return (
        <Card title="Not signed in" actions={<SignInButton />}>
          <div className="form">
            <p>
              {identity.reason === undefined ? (
                'Signing in opens your browser. At first Countersign asks for reading only.'
              ) : (
                <Value text={identity.reason} />
              )}
            </p>
          </div>
        </Card>
      );
    case 'signing-in':
      return (
        <Card title="Signing in" actions={<SignInButton />}>
          <div className="form">
            <p>
              Go on in your browser, at <Value text={identity.issuer} mono />.
            </p>
          </div>
        </Card>
      );
    case 'signed-in': {
      const { person, issuer, grantedScopes, signedInAt } = identity;
      return (
        <Card title={<Value text={person.name ?? person.email ?? person.subject} />} actions={<SignInButton />}>
          <dl className="facts">
            {person.email === undefined ? null : <Fact label="Mail" value={person.email} />}
            <Fact label="Subject" value={person.subject} mono />
            <Fact label="Provider" value={issuer} mono />
            <Fact label="Signed in" value={dateAndTime(signedInAt)} />
            <Fact
              label="Granted"
              value={grantedScopes.length === 0 ? 'nothing' : grantedScopes.join(' ')}
              mono={grantedScopes.length > 0}
            />
          </dl>
        </Card>
      );
    }
  }
}

function Fact({ label, value, mono }: { readonly label: string; readonly value: string; readonly mono?: boolean }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Value text={value} mono={mono} />
      </dd>
    </div>
  );
}

function PhraseForm() {
  const { state } = useDashboard();
  const [phrase, setPhrase] = useState(state.phrase);
  const save = useAction(() => dashboardApi().call['phrase:set']({ phrase: phrase.trim() }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save.run();
  };
  const isSame = phrase.trim() === state.phrase;
  return (
    <Card title="Your phrase" note="Every approval window shows it. A window without it is not Countersign’s.">
      <form className="form form-row" onSubmit={submit}>
        <div className="field field-grow">
          <label htmlFor="phrase">Two or three words of your own</label>
          <input
            id="phrase"
            className="input"
            value={phrase}
            onChange={(event) => setPhrase(event.target.value)}
            maxLength={60}
            autoComplete="off"
            spellCheck={false}
          />
        </div>
        <Button submits size="large" disabled={save.busy || isSame || phrase.trim().length < 3}>
          Save phrase
        </Button>
      </form>
      <FailureAlert failure={save.failure} />
    </Card>
  );
}
