import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { Button } from '../../ui/button.tsx';
import { useDashboard } from '../dashboard-context.ts';
import { FailureAlert } from './alerts.tsx';

/** Sign in, cancel or sign out: whichever makes sense now. */
export function SignInButton({ kind = 'primary' }: { readonly kind?: 'primary' | 'plain' }) {
  const { status } = useDashboard().state.identity;
  const signIn = useAction(() => dashboardApi().call['identity:sign-in']({}));
  const cancel = useAction(() => dashboardApi().call['identity:cancel-sign-in']({}));
  const signOut = useAction(() => dashboardApi().call['identity:sign-out']({}));
  switch (status) {
    case 'signed-out':
      return (
        <>
          <FailureAlert failure={signIn.failure} />
          <Button kind={kind} onClick={() => void signIn.run()} disabled={signIn.busy}>
            Sign in
          </Button>
        </>
      );
    case 'signing-in':
      return (
        <>
          <FailureAlert failure={cancel.failure} />
          <Button onClick={() => void cancel.run()} disabled={cancel.busy}>
            Cancel sign-in
          </Button>
        </>
      );
    case 'signed-in':
      return (
        <>
          <FailureAlert failure={signOut.failure} />
          <Button onClick={() => void signOut.run()} disabled={signOut.busy}>
            Sign out
          </Button>
        </>
      );
  }
}
