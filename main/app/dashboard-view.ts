/** Puts together what the dashboard shows, from what each part knows. Pure; nothing here decides. */

import type { ApprovalRequest } from '../../mcp-bridge/core/approval/approval-request.ts';
import { plainText } from '../../mcp-bridge/core/approval/plain-text.ts';
import type { Grant } from '../../mcp-bridge/core/model/grant.ts';
import type { Coverage, Guardrail } from '../../mcp-bridge/core/model/guardrail.ts';
import type { BridgeStatus } from '../../mcp-bridge/process/contract.ts';
import type { Settings } from '../authority/settings-store.ts';
import type { BridgeState } from '../bridge-host/bridge-host.ts';
import type { DashboardState } from '../ipc/dashboard-state.ts';
import type { UpstreamSignIns } from '../upstream-sign-in/upstream-sign-ins.ts';
import { serverSignInView } from './server-sign-in-view.ts';

export type DashboardSources = {
  readonly settings: Settings;
  readonly identity: DashboardState['identity'];
  readonly vault: DashboardState['vault'];
  readonly upstreamSignIns: Pick<UpstreamSignIns, 'state' | 'failure' | 'browserAt' | 'asks'>;
  readonly bridge: BridgeState;
  readonly status: BridgeStatus | undefined;
  readonly readGrants: readonly Grant[];
  readonly sessionGrants: readonly Grant[];
  readonly guardrails: readonly Guardrail[];
  readonly stopped: DashboardState['stopped'];
  readonly pending: readonly ApprovalRequest[];
  readonly notices: DashboardState['notices'];
  readonly version: string;
};

export function dashboardView(sources: DashboardSources): DashboardState {
  const { settings, status, bridge, stopped } = sources;
  return {
    identity: sources.identity,
    identityProvider: settings.identityProvider,
    vault: sources.vault,
    bridge: bridgeView(bridge),
    ...(stopped === undefined ? {} : { stopped }),
    notices: sources.notices,
    mcpClients: settings.mcpClients.map((paired) => mcpClientView(paired, status)),
    servers: (status?.servers ?? []).map(({ signIn: need, ...server }) => ({
      ...server,
      ...serverSignInView(server.serverId, need, sources.upstreamSignIns),
    })),
    grants: [...sources.readGrants, ...sources.sessionGrants].map((grant) => grantView(grant, status)),
    guardrails: sources.guardrails.map((freeze) => ({
      ...freeze,
      repositories: shown(freeze.repositories),
      branches: shown(freeze.branches),
    })),
    pending: sources.pending.map(pendingView),
    calls: (status?.calls ?? []).map(({ grantId: _grantId, ...call }) => call),
    audit: status?.audit ?? { ok: true, records: 0 },
    phrase: settings.phrase,
    version: sources.version,
  };
}

function bridgeView(bridge: BridgeState): DashboardState['bridge'] {
  switch (bridge.state) {
    case 'ready':
      return { state: 'ready', url: bridge.url };
    case 'failed':
      return { state: 'failed', error: bridge.error };
    default:
      return { state: bridge.state };
  }
}

function mcpClientView(
  paired: Settings['mcpClients'][number],
  status: BridgeStatus | undefined,
): DashboardState['mcpClients'][number] {
  const activity = status?.mcpClients.find(({ mcpClientId }) => mcpClientId === paired.mcpClientId);
  return {
    mcpClientId: paired.mcpClientId,
    name: paired.name,
    pairedAt: paired.pairedAt,
    connected: activity?.connected ?? false,
    callsToday: activity?.callsToday ?? 0,
    ...(paired.serverIds === undefined ? {} : { serverIds: paired.serverIds }),
    ...(activity?.lastCallAt === undefined ? {} : { lastCallAt: activity.lastCallAt }),
  };
}

/** A read grant has no end that is worth showing: it stands until it is revoked. */
function grantView(grant: Grant, status: BridgeStatus | undefined): DashboardState['grants'][number] {
  const session = grant.constraints.mcpSessionId !== undefined;
  const uses = (status?.calls ?? []).filter(({ grantId }) => grantId === grant.grantId).length;
  return {
    grantId: grant.grantId,
    effect: grant.effect,
    mcpClientId: grant.constraints.mcpClientId,
    serverId: grant.constraints.serverId,
    sentence: grant.sentence,
    history: session
      ? 'You approved this for the session. It ends with it.'
      : 'Since you connected the AI client and the server',
    createdAt: grant.createdAt,
    ...(session ? { expiresAt: grant.expiresAt } : {}),
    uses,
  };
}

function shown(coverage: Coverage): DashboardState['guardrails'][number]['branches'] {
  return coverage.kind === 'all' ? { kind: 'all' } : { kind: 'only', patterns: [...coverage.patterns] };
}

function pendingView(request: ApprovalRequest): DashboardState['pending'][number] {
  return {
    approvalId: request.approvalId,
    mcpClientName: request.caller.mcpClientName,
    effect: request.view.effect,
    headline: plainText(request.view.headline),
    askedAt: request.askedAt,
    expiresAt: request.expiresAt,
  };
}
