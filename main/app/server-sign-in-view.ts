import type { SignInNeed } from '../../mcp-bridge/process/contract.ts';
import type { DashboardState } from '../ipc/dashboard-state.ts';
import { samePlace } from '../upstream-sign-in/judge-need.ts';
import type { UpstreamSignIns } from '../upstream-sign-in/upstream-sign-ins.ts';

type Shown = Pick<DashboardState['servers'][number], 'signIn'>;

/** What the server wants, as the bridge says, together with what main holds; main's own word counts where they differ. */
export function serverSignInView(
  serverId: string,
  need: SignInNeed | undefined,
  signIns: Pick<UpstreamSignIns, 'state' | 'failure' | 'browserAt' | 'asks'>,
): Shown {
  const state = signIns.state(serverId);
  if (state.status === 'signing-in') return { signIn: { status: 'signing-in', issuer: state.issuer } };
  const said = signIns.failure(serverId);
  const failure = said === undefined ? {} : { failure: said };
  const former = state.status === 'signed-in' ? state.issuer : state.formerIssuer;
  const issuer =
    need && (need.authorizationServers.find((each) => samePlace(each, former ?? '')) ?? need.authorizationServers[0]);
  const elsewhere = issuer === undefined ? undefined : signIns.browserAt(serverId, issuer);
  const scopes = need === undefined ? [] : [...signIns.asks(serverId, need.scopes)];
  const place = {
    ...(elsewhere === undefined ? {} : { browserAt: elsewhere }),
    ...(former === undefined || issuer === undefined || samePlace(former, issuer) ? {} : { formerIssuer: former }),
  };
  if (state.status === 'signed-in' && need?.why !== 'refused') {
    const { grantedScopes, unaskedScopes, signedInAt } = state;
    return {
      signIn: {
        status: 'signed-in',
        issuer: state.issuer,
        grantedScopes: [...grantedScopes],
        unaskedScopes: [...unaskedScopes],
        signedInAt,
        ...(need?.why === 'more-scopes' && issuer !== undefined ? { more: { issuer, ...place, scopes } } : {}),
        ...failure,
      },
    };
  }
  if (need === undefined || issuer === undefined) return {};
  return {
    signIn: {
      status: 'needed',
      issuer,
      ...place,
      scopes,
      why: need.why === 'refused' ? 'refused' : 'not-signed-in',
      ...failure,
    },
  };
}
