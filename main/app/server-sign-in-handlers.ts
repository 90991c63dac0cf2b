import type { ChannelHandlers } from '../ipc/handle.ts';
import type { Desktop } from './compose.ts';
import type { StatusBoard } from './status-board.ts';

type Names = 'servers:sign-in' | 'servers:cancel-sign-in' | 'servers:sign-out';

export function serverSignInHandlers(
  { upstreamSignIns }: Pick<Desktop, 'upstreamSignIns'>,
  board: StatusBoard,
): Pick<ChannelHandlers, Names> {
  return {
    'servers:sign-in': ({ serverId, issuer, ...seen }) => {
      // The sign-in goes on in the browser; its end is told by the state.
      void upstreamSignIns.signIn(serverId, issuer, seen).catch(() => board.changed());
      return {};
    },
    'servers:cancel-sign-in': ({ serverId }) => {
      upstreamSignIns.cancel(serverId);
      return {};
    },
    'servers:sign-out': async ({ serverId }) => {
      await upstreamSignIns.signOut(serverId);
      return {};
    },
  };
}
