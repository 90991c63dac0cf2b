import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { Alert, FailureAlert } from './alerts.tsx';
import type { Server } from './server-state.tsx';

type SignIn = NonNullable<Server['signIn']>;
type Of<Status extends SignIn['status']> = SignIn & { readonly status: Status };

/** A server's own sign-in (MCP authorization): where it leads, what it asks for, and the button that begins it. */
export function ServerSignIn({ server }: { readonly server: Server }) {
  const { serverId, signIn } = server;
  switch (signIn?.status) {
    case undefined:
      return null;
    case 'needed':
      return <Needed serverId={serverId} signIn={signIn} />;
    case 'signing-in':
      return <SigningIn serverId={serverId} signIn={signIn} />;
    case 'signed-in':
      return <SignedIn serverId={serverId} signIn={signIn} />;
  }
}

function Needed({ serverId, signIn }: { readonly serverId: string; readonly signIn: Of<'needed'> }) {
  return (
    <Alert severity="warning">
      <p>
        {signIn.why === 'refused'
          ? 'The server does not accept your sign-in any more.'
          : 'The server wants you to sign in before it can be used.'}{' '}
        Your browser will open at <Value text={signIn.issuer} mono />.
      </p>
      {signIn.formerIssuer === undefined ? null : (
        <p>
          It led to <Value text={signIn.formerIssuer} mono /> before. Go on only if you know why it changed.
        </p>
      )}
      <AskedFor scopes={signIn.scopes} />
      <Failure text={signIn.failure} />
      <SignInButton serverId={serverId} issuer={signIn.issuer} label="Sign in" />
    </Alert>
  );
}

function SigningIn({ serverId, signIn }: { readonly serverId: string; readonly signIn: Of<'signing-in'> }) {
  const cancel = useAction(() => dashboardApi().call['servers:cancel-sign-in']({ serverId }));
  return (
    <Alert severity="info">
      <p>
        Signing in at <Value text={signIn.issuer} mono />. Go on in your browser.
      </p>
      <FailureAlert failure={cancel.failure} />
      <Button onClick={() => void cancel.run()} disabled={cancel.busy}>
        Cancel sign-in
      </Button>
    </Alert>
  );
}

function SignedIn({ serverId, signIn }: { readonly serverId: string; readonly signIn: Of<'signed-in'> }) {
  const signOut = useAction(() => dashboardApi().call['servers:sign-out']({ serverId }));
  return (
    <>
      {signIn.more === undefined ? null : (
        <Alert severity="warning">
          <p>
            The server refused a call that needs more permission than you gave. Your browser will open at{' '}
            <Value text={signIn.more.issuer} mono />.
          </p>
          <AskedFor scopes={signIn.more.scopes} />
          <Failure text={signIn.failure} />
          <SignInButton serverId={serverId} issuer={signIn.more.issuer} label="Sign in for more" />
        </Alert>
      )}
      <dl className="facts">
        <div>
          <dt>Signed in at</dt>
          <dd>
            <Value text={signIn.issuer} mono />
          </dd>
        </div>
        {signIn.grantedScopes.length === 0 ? null : (
          <div>
            <dt>Permissions there</dt>
            <dd>
              <Value text={signIn.grantedScopes.join(' ')} mono />
            </dd>
          </div>
        )}
        {signIn.unaskedScopes.length === 0 ? null : (
          <div>
            <dt>Given without being asked for</dt>
            <dd>
              <Value text={signIn.unaskedScopes.join(' ')} mono />
            </dd>
          </div>
        )}
      </dl>
      <FailureAlert failure={signOut.failure} />
      <Button onClick={() => void signOut.run()} disabled={signOut.busy}>
        Sign out
        <span className="visually-hidden">
          {' of '}
          <Value text={serverId} />
        </span>
      </Button>
    </>
  );
}

function AskedFor({ scopes }: { readonly scopes: readonly string[] }) {
  if (scopes.length === 0) return null;
  return (
    <p>
      It asks for <Value text={scopes.join(' ')} mono />.
    </p>
  );
}

function Failure({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <p role="alert">
      <Value text={text} />
    </p>
  );
}

function SignInButton({
  serverId,
  issuer,
  label,
}: {
  readonly serverId: string;
  readonly issuer: string;
  readonly label: string;
}) {
  const signIn = useAction(() => dashboardApi().call['servers:sign-in']({ serverId, issuer }));
  return (
    <>
      <FailureAlert failure={signIn.failure} />
      <Button kind="primary" onClick={() => void signIn.run()} disabled={signIn.busy}>
        {label}
        <span className="visually-hidden">
          {' to '}
          <Value text={serverId} />
        </span>
      </Button>
    </>
  );
}
