import type { AuditEvent, CallAuthorization, CallOutcome } from '../core/audit/record.ts';
import type { Decision } from '../core/model/decision.ts';
import type { Operation } from '../core/model/operation.ts';
import type { PipelinePorts } from './ports.ts';

/** Writes the three records of one call: decided, intent, outcome. Each throws when it is not in the ledger (AU-07). */
export type CallRecorder = {
  readonly callId: string;
  /** On disk when it returns; consumes the approval in the same transaction (I3, MC-18). */
  intent(authorizedBy: CallAuthorization): void;
  outcome(outcome: CallOutcome, detail?: string): void;
};

export function recordCall(
  { call, classification }: Operation,
  decision: Decision,
  headline: string,
  ports: Pick<PipelinePorts, 'ledger' | 'clock' | 'newId'>,
): CallRecorder {
  const callId = ports.newId();
  const startedMs = ports.clock.monotonicMs();
  const identity = {
    callId,
    callDigest: call.callDigest,
    mcpClientId: call.caller.mcpClientId,
    mcpSessionId: call.caller.mcpSessionId,
    serverId: call.serverId,
    toolName: call.toolName,
  };
  const { effect, basis, domain } = classification;
  const { reasons, policies } = decision;
  // What was decided without a person is written with what comes of it at once: one transaction in place of two.
  const unwritten: AuditEvent[] = [
    {
      kind: 'call.decided',
      ...identity,
      effect,
      basis,
      domain,
      decision: decision.decision,
      reasons,
      policies,
      headline,
    },
  ];
  const take = () => unwritten.splice(0);
  if (decision.decision === 'prompt') ports.ledger.append(...take());
  return {
    callId,
    intent(authorizedBy) {
      const event = { kind: 'call.intent', ...identity, effect, authorizedBy } as const;
      // A read changes nothing: its record survives a crash of the app, and a loss of power may cost it.
      if (effect === 'read') ports.ledger.append(...take(), event);
      else ports.ledger.appendDurably(...take(), event);
    },
    outcome(outcome, detail) {
      const durationMs = Math.round((ports.clock.monotonicMs() - startedMs) * 1000) / 1000;
      ports.ledger.append(...take(), {
        kind: 'call.outcome',
        ...identity,
        outcome,
        durationMs,
        ...(detail === undefined ? {} : { detail }),
      });
    },
  };
}
