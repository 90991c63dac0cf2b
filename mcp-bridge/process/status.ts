/** What main is told about the bridge: servers with their tools and effects, AI clients, the last calls, the log. */
import { argumentDecides } from '../core/classify/classify.ts';
import { type EffectPin, pinnedEffect } from '../core/model/authority.ts';
import type { Ledger } from '../ledger/open-ledger.ts';
import type { CallRow as LedgerCall } from '../ledger/queries.ts';
import type { ResolvedTool } from '../pipeline/ports.ts';
import type { UpstreamManager } from '../upstream/manager.ts';
import type { ToolReview } from '../upstream/server-catalogue.ts';
import type { ActivityLog } from './activity-log.ts';
import type { BridgeStatus, CallRow, ServerStatus } from './contract.ts';
import type { WrongKeys } from './inbound-watch.ts';
import { worstCase } from './worst-case.ts';

export type StatusSources = {
  readonly upstreams: UpstreamManager;
  readonly ledger: Ledger;
  readonly activity: ActivityLog;
  readonly wrongKeys: () => WrongKeys | undefined;
  readonly effectPins: () => readonly EffectPin[];
};

const callsShown = 50;

export function bridgeStatus({ upstreams, ledger, activity, wrongKeys, effectPins }: StatusSources): {
  now(mcpClientIds: readonly string[], withServers: boolean): BridgeStatus;
  olderCalls(beforeCallId: string): CallRow[];
} {
  /** Cursor of each call that was shown, so that "older" can go on from it. */
  const sequences = new Map<string, number>();

  function page(before?: number): CallRow[] {
    const { calls } = ledger.calls({ limit: callsShown, ...(before === undefined ? {} : { before }) });
    for (const call of calls) sequences.set(call.callId, call.sequence);
    return calls.map(callRow);
  }

  return {
    now(mcpClientIds, withServers) {
      const guessed = wrongKeys();
      return {
        ...(withServers
          ? { servers: upstreams.status().map((server) => serverStatus(server, upstreams, effectPins())) }
          : {}),
        mcpClients: mcpClientIds.map((mcpClientId) => ({ mcpClientId, ...activity.of(mcpClientId) })),
        calls: page(),
        audit: auditStatus(ledger),
        problems: upstreams.catalogue.problem === undefined ? [] : [upstreams.catalogue.problem],
        ...(guessed === undefined ? {} : { wrongKeys: guessed }),
      };
    },
    olderCalls(beforeCallId) {
      const before = sequences.get(beforeCallId);
      return before === undefined ? [] : page(before);
    },
  };
}

/** The chain was verified when the ledger was opened; here only its length is read. */
function auditStatus(ledger: Ledger): BridgeStatus['audit'] {
  try {
    return { ok: true, records: ledger.query({ limit: 1 }).records[0]?.sequence ?? 0 };
  } catch {
    return { ok: false, records: 0, problem: 'The audit log cannot be read.' };
  }
}

function serverStatus(
  server: ReturnType<UpstreamManager['status']>[number],
  { catalogue }: UpstreamManager,
  effectPins: readonly EffectPin[],
): ServerStatus {
  const facts = catalogue.facts(server.serverId);
  const { serverId, endpoint, state, protocolVersion, lastError, signIn } = server;
  return {
    serverId,
    endpoint,
    state,
    ...(signIn === undefined
      ? {}
      : { signIn: { ...signIn, authorizationServers: [...signIn.authorizationServers], scopes: [...signIn.scopes] } }),
    ...(facts?.environment === undefined ? {} : { environment: facts.environment }),
    ...(protocolVersion === undefined ? {} : { era: protocolVersion }),
    ...(lastError === undefined || state === 'ready' ? {} : { lastError }),
    tools: catalogue.reviews(serverId).flatMap((review) => {
      const tool = catalogue.resolve(serverId, review.toolName);
      return tool ? [toolStatus(review, tool, effectPins)] : [];
    }),
  };
}

/** A tool under review is rated by what its server says now; a reviewed one by what was reviewed. */
function toolStatus(
  review: ToolReview,
  tool: ResolvedTool,
  effectPins: readonly EffectPin[],
): ServerStatus['tools'][number] {
  const definition = review.state === 'reviewed' ? tool.pinned.definition : review.seen;
  const { serverId } = tool.server;
  const pin = pinnedEffect(effectPins, { serverId, toolName: review.toolName, definitionHash: review.definitionHash });
  const { effect, reasons } = worstCase(tool.server, definition, review.definitionHash, pin);
  const title = definition.title;
  return {
    name: review.toolName,
    ...(typeof title === 'string' ? { title } : {}),
    description: typeof definition.description === 'string' ? definition.description : '',
    effect,
    decidedByArguments: pin === undefined && argumentDecides(definition),
    ...(pin === undefined ? {} : { pinnedEffect: pin }),
    reasons: [...reasons],
    review: review.state,
    definitionHash: review.definitionHash,
    ...(review.state === 'changed' && review.pinned ? { before: JSON.stringify(review.pinned, null, 2) } : {}),
    now: JSON.stringify(definition, null, 2),
    findings: [
      ...review.flags.map(({ path, sentence }) => `${sentence} (${path})`),
      ...(review.problem === undefined ? [] : [review.problem]),
    ],
  };
}

function callRow(call: LedgerCall): CallRow {
  return {
    callId: call.callId,
    at: call.decidedAt,
    mcpClientId: call.mcpClientId,
    serverId: call.serverId,
    toolName: call.toolName,
    effect: call.effect,
    headline: call.headline,
    decision: call.decision,
    reasons: [...call.reasons],
    ...(call.authorizedBy?.kind === 'grant' ? { grantId: call.authorizedBy.grantId } : {}),
    ...(call.outcome === undefined ? {} : { outcome: call.outcome }),
    ...(call.detail === undefined ? {} : { detail: call.detail }),
    ...(call.durationMs === undefined ? {} : { durationMs: call.durationMs }),
  };
}
