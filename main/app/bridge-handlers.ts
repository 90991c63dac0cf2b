import type { ToMain } from '../../mcp-bridge/process/contract.ts';
import type { Handlers } from '../../mcp-bridge/process/message-calls.ts';
import type { Approvals } from '../approvals/approvals.ts';
import type { Authority } from '../authority/authority.ts';
import type { UpstreamSignIns } from '../upstream-sign-in/upstream-sign-ins.ts';
import type { StatusBoard } from './status-board.ts';

/** What the bridge may ask of main; everything it says is data that the contract has checked. */
export function bridgeHandlers(parts: {
  approvals: Approvals;
  authority: Authority;
  board: StatusBoard;
  upstreamSignIns: () => Pick<UpstreamSignIns, 'accessToken'>;
}): Handlers<ToMain> {
  const { approvals, authority, board, upstreamSignIns } = parts;
  return {
    'approval:ask': (approvalRequest) => {
      const stopped = authority.stopped();
      if (stopped) return { outcome: 'denied', approvalId: approvalRequest.approvalId, reason: stopped.reason };
      return approvals.ask(approvalRequest);
    },
    'approval:withdraw': ({ approvalId }) => {
      approvals.withdraw(approvalId);
      return {};
    },
    'authority:release': (releaseRequest) => authority.release(releaseRequest),
    'servers:access-token': async ({ serverId, refused }) => {
      const token = await upstreamSignIns().accessToken(serverId, refused);
      return token === undefined ? {} : { token };
    },
    'status:changed': (status) => {
      board.report(status);
      return {};
    },
  };
}
