import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { Alert, FailureAlert } from './alerts.tsx';
import type { Server } from './server-state.tsx';

type SignIn = NonNullable<Server['signIn']>;
type Of<Status extends SignIn['status']> = SignIn & { readonly status: Status };
type Asked = Pick<Of<'needed'>, 'issuer' | 'browserAt' | 'formerIssuer' | 'scopes'>;

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
      return signIn.more === undefined ? null : <More serverId={serverId} signIn={signIn} more={signIn.more} />;
  }
}

function Needed({ serverId, signIn }: { readonly serverId: string; readonly signIn: Of<'needed'> }) {
  return (
    <Alert severity="warning">
      <div className="alert-words">
        <p>
          {signIn.why === 'refused'
            ? 'The server does not accept your sign-in any more.'
            : 'The server wants you to sign in before it can be used.'}
        </p>
        <Place asked={signIn} />
        <AskedFor scopes={signIn.scopes} />
        <Failure text={signIn.failure} />
      </div>
      <SignInButton serverId={serverId} asked={signIn} label="Sign in" />
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

type MoreProps = {
  readonly serverId: string;
  readonly signIn: Of<'signed-in'>;
  readonly more: NonNullable<Of<'signed-in'>['more']>;
};

function More({ serverId, signIn, more }: MoreProps) {
  return (
    <Alert severity="warning">
      <div className="alert-words">
        <p>The server refused a call that needs more permission than you gave.</p>
        <Place asked={more} />
        <AskedFor scopes={more.scopes} />
        <Failure text={signIn.failure} />
      </div>
      <SignInButton serverId={serverId} asked={more} label="Sign in for more" />
    </Alert>
  );
}

/** The code of whoever signs in at the page goes to the issuer, so the person has to know both where they differ (OA-03). */
function Place({ asked: { issuer, browserAt, formerIssuer } }: { readonly asked: Asked }) {
  return (
    <>
      {browserAt === undefined ? (
        <p>
          Your browser will open at <Value text={issuer} mono />.
        </p>
      ) : (
        <p>
          Your browser will open at <Value text={browserAt} mono />. Whoever runs <Value text={issuer} mono /> gets what
          you allow there. Go on only if you know that these two belong together.
        </p>
      )}
      {formerIssuer === undefined ? null : (
        <p>
          It led to <Value text={formerIssuer} mono /> before. Go on only if you know why it changed.
        </p>
      )}
    </>
  );
}

/** Rows of the server's facts. */
export function SignInFacts({ signIn }: { readonly signIn: Server['signIn'] }) {
  if (signIn?.status !== 'signed-in') return null;
  return (
    <>
      <div>
        <dt>Signed in at</dt>
        <dd>
          <Value text={signIn.issuer} mono />
        </dd>
      </div>
      <ScopesFact label="Permissions there" scopes={signIn.grantedScopes} />
      <ScopesFact label="Given without being asked for" scopes={signIn.unaskedScopes} />
    </>
  );
}

function ScopesFact({ label, scopes }: { readonly label: string; readonly scopes: readonly string[] }) {
  if (scopes.length === 0) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Value text={scopes.join(' ')} mono />
      </dd>
    </div>
  );
}

export function SignOutButton({ server }: { readonly server: Server }) {
  const { serverId, signIn } = server;
  const signOut = useAction(() => dashboardApi().call['servers:sign-out']({ serverId }));
  // Also a sign-in that the server does not take any more is one that can be ended.
  const isHeld = signIn?.status === 'signed-in' || (signIn?.status === 'needed' && signIn.why === 'refused');
  if (!isHeld) return null;
  return (
    <>
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
  asked,
  label,
}: {
  readonly serverId: string;
  readonly asked: Asked;
  readonly label: string;
}) {
  const { issuer, browserAt, scopes } = asked;
  const signIn = useAction(() =>
    dashboardApi().call['servers:sign-in']({
      serverId,
      issuer,
      scopes,
      ...(browserAt === undefined ? {} : { browserAt }),
    }),
  );
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
