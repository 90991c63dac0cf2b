/** What is known of one upstream at this moment, without asking it. */
import type { SignInNeed } from './authorization/server-authorization.ts';
import type { Catalogue } from './catalogue.ts';
import type { Endpoint } from './connect.ts';
import type { UpstreamEra } from './protocol-eras.ts';
import type { SupervisedUpstream, UpstreamState } from './supervised-upstream.ts';

export type UpstreamStatus = {
  readonly serverId: string;
  readonly endpoint: string;
  readonly state: UpstreamState;
  readonly era?: UpstreamEra | undefined;
  readonly protocolVersion?: string | undefined;
  /** Tools that mcp clients are offered, and tools that wait for a review. */
  readonly tools: number;
  readonly toolsToReview: number;
  /** Inert text. */
  readonly lastError?: string | undefined;
  readonly nameProblems: readonly string[];
  /** What the person would have to sign in for. */
  readonly signIn?: SignInNeed | undefined;
  readonly pid?: number | undefined;
};

export function statusOf(
  serverId: string,
  { state, connection, lastError, authorization }: SupervisedUpstream,
  { endpoint }: Endpoint,
  catalogue: Catalogue,
): UpstreamStatus {
  return {
    serverId,
    endpoint,
    state,
    era: connection?.identity.era,
    protocolVersion: connection?.identity.protocolVersion,
    tools: catalogue.listTools(serverId).length,
    toolsToReview: catalogue.waiting(serverId),
    lastError,
    nameProblems: catalogue.nameProblems(serverId),
    signIn: authorization?.need,
    pid: connection?.pid,
  };
}
