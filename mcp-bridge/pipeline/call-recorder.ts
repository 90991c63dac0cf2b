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
  const { callDigest, serverId, toolName } = call;
  const { mcpClientId, mcpSessionId } = call.caller;
  const { effect, basis, domain } = classification;
  const { reasons, policies } = decision;
  // Members stand in the order of their names, in which they are hashed and written: sorting them costs more.
  // What was decided without a person is written with what comes of it at once: one transaction in place of two.
  const unwritten: AuditEvent[] = [
    {
      basis,
      callDigest,
      callId,
      decision: decision.decision,
      domain,
      effect,
      headline,
      kind: 'call.decided',
      mcpClientId,
      mcpSessionId,
      policies,
      reasons,
      serverId,
      toolName,
    },
  ];
  const take = () => unwritten.splice(0);
  if (decision.decision === 'prompt') ports.ledger.append(...take());
  return {
    callId,
    intent(authorizedBy) {
      const event = {
        authorizedBy,
        callDigest,
        callId,
        effect,
        kind: 'call.intent',
        mcpClientId,
        mcpSessionId,
        serverId,
        toolName,
      } as const;
      // A read changes nothing: its record survives a crash of the app, and a loss of power may cost it.
      if (effect === 'read') ports.ledger.append(...take(), event);
      else ports.ledger.appendDurably(...take(), event);
    },
    outcome(outcome, detail) {
      const durationMs = Math.round((ports.clock.monotonicMs() - startedMs) * 1000) / 1000;
      ports.ledger.append(...take(), {
        callDigest,
        callId,
        ...(detail === undefined ? {} : { detail }),
        durationMs,
        kind: 'call.outcome',
        mcpClientId,
        mcpSessionId,
        outcome,
        serverId,
        toolName,
      });
    },
  };
}
