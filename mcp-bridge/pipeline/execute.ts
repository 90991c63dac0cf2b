/**
 * Executes an authorized operation, once: look again → journal the intent → credential for exactly this effect →
 * forward the frozen bytes → redact → journal the outcome → answer.
 */
import type { CallAuthorization } from '../core/audit/record.ts';
import type { JsonObject } from '../core/model/json.ts';
import type { FrozenCall, Operation } from '../core/model/operation.ts';
import { grantTarget } from '../core/policy/grant-covers.ts';
import { notAvailable, refusal } from './answers.ts';
import type { CallRecorder } from './call-recorder.ts';
import { forwardedMeta } from './forwarded-meta.ts';
import type {
  InboundAnswer,
  InboundRequest,
  PipelinePorts,
  ResolvedTool,
  UpstreamCredential,
  UpstreamOutcome,
} from './ports.ts';
import { whyNotAsShown } from './still-as-shown.ts';
import { watchedAnswer, watchedExchange, watchedSentence } from './watch-secrets.ts';

export type AuthorizedCall = {
  readonly operation: Operation;
  readonly tool: ResolvedTool;
  readonly recorder: CallRecorder;
  readonly authorizedBy: CallAuthorization;
  readonly inbound: InboundRequest;
};

export async function execute(authorized: AuthorizedCall, ports: PipelinePorts): Promise<InboundAnswer> {
  const { operation, recorder, authorizedBy, inbound } = authorized;

  const why = authorizedBy.kind === 'approval' ? await whyNotAsShown(authorized, ports) : undefined;
  if (why) {
    recorder.outcome('not-sent', why.record);
    return refusal(why.sentence);
  }
  // SECURITY(I4): after this line nothing waits for a person; a caller that is gone executes nothing.
  if (inbound.signal.aborted) return gone(recorder);

  recorder.intent(authorizedBy);
  const released = await release(authorized, ports);
  if (!released.released) {
    recorder.outcome('not-sent', released.reason);
    return refusal(`Not sent. ${released.reason}`);
  }
  if (inbound.signal.aborted) return gone(recorder);

  const outcome = await forward(operation, inbound, released.credential, ports);
  return answer(outcome, recorder, ports);
}

type Released =
  | { readonly released: true; readonly credential?: UpstreamCredential | undefined }
  | { readonly released: false; readonly reason: string };

/** Main checks a write or delete against its own grants and approvals; a read needs no release. */
async function release({ operation, authorizedBy }: AuthorizedCall, ports: PipelinePorts): Promise<Released> {
  const { effect } = operation.classification;
  if (effect === 'read') return { released: true };
  try {
    return await ports.authority.release({
      callDigest: operation.call.callDigest,
      effect,
      authorizedBy,
      target: grantTarget(operation),
    });
  } catch {
    return { released: false, reason: 'Countersign could not confirm the permission.' };
  }
}

/** What goes to the upstream of this call, besides its method. */
export function sentParams(call: FrozenCall, inbound: InboundRequest): JsonObject {
  return { name: call.toolName, arguments: call.arguments, ...call.continuation, ...forwardedMeta(inbound) };
}

function forward(
  { call }: Operation,
  inbound: InboundRequest,
  credential: UpstreamCredential | undefined,
  ports: PipelinePorts,
): Promise<UpstreamOutcome> {
  return ports.upstream.request({
    serverId: call.serverId,
    method: 'tools/call',
    params: sentParams(call, inbound),
    credential,
    signal: inbound.signal,
    ...watchedExchange(inbound, ports.redactor),
    statelessMcpClientId: inbound.era === 'stateless' ? inbound.caller.mcpClientId : undefined,
  });
}

function answer(outcome: UpstreamOutcome, recorder: CallRecorder, { redactor }: PipelinePorts): InboundAnswer {
  switch (outcome.kind) {
    case 'answered': {
      const { answer: shown, redactions } = watchedAnswer(outcome, redactor, refusal);
      recorder.outcome(
        outcome.result['isError'] === true ? 'failed' : 'succeeded',
        redactions === 0 ? undefined : `${redactions} secrets taken out of the result.`,
      );
      return shown;
    }
    case 'failed':
      recorder.outcome('failed', `JSON-RPC error ${outcome.code} by the server.`);
      return watchedAnswer(outcome, redactor, refusal).answer;
    case 'not-sent': {
      const reason = watchedSentence(outcome.reason, redactor);
      recorder.outcome('not-sent', reason);
      return notAvailable(reason);
    }
    case 'unknown': {
      const reason = watchedSentence(outcome.reason, redactor);
      recorder.outcome('unknown', reason);
      return refusal(
        `The server stopped before it answered: ${reason} The call may or may not have been carried out. Check before you repeat it; Countersign does not repeat it by itself.`,
      );
    }
  }
}

function gone(recorder: CallRecorder): InboundAnswer {
  recorder.outcome('withdrawn', 'The AI client withdrew the call before it was sent.');
  return refusal('Withdrawn before it was sent. Nothing was done.');
}
