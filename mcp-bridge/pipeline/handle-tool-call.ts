/**
 * The path of a tool call, whole:
 *
 *   resolve in the pinned catalogue → validate arguments → freeze → classify, gather facts → no secret in it → decide
 *   → forbid: say why │ permit: execute │ prompt: show it, wait, execute what was shown
 *
 * Refusals and denials are results with `isError`, so that the model reads them; only an unknown tool or a malformed
 * call is a JSON-RPC error (MCP 2026-07-28, Tools, Error Handling). Nothing here throws: a broken part refuses (I8).
 */
import { buildEffectView } from '../core/approval/effect-view.ts';
import { plainText } from '../core/approval/plain-text.ts';
import { offerSessionGrant } from '../core/consent/session-grant.ts';
import { AppError } from '../core/errors.ts';
import type { EffectView } from '../core/model/effect-view.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import type { Operation } from '../core/model/operation.ts';
import { decide } from '../core/policy/decide.ts';
import { notAvailable, refusal, rpcError } from './answers.ts';
import { type ApprovalDesk, approvalLimits, type DeskAnswer } from './approval-desk.ts';
import { type CallRecorder, recordCall } from './call-recorder.ts';
import { type AuthorizedCall, execute, sentParams } from './execute.ts';
import { freezeCall } from './freeze-call.ts';
import type { InboundAnswer, InboundRequest, PipelinePorts, ResolvedTool } from './ports.ts';
import { keepCallerInformed } from './waiting-progress.ts';
import { secretDecision } from './watch-secrets.ts';

export async function handleToolCall(
  inbound: InboundRequest,
  named: { readonly serverId: string; readonly toolName: string },
  ports: PipelinePorts,
  desk: ApprovalDesk,
): Promise<InboundAnswer> {
  const tool = ports.catalogue.resolve(named.serverId, named.toolName);
  const toolArguments = inbound.params['arguments'] ?? {};
  if (!tool) return rpcError(-32602, 'Unknown tool.');
  if (!isJsonObject(toolArguments)) return rpcError(-32602, 'Tool arguments must be a JSON object.');

  const problems = ports.catalogue.validateArguments(tool, toolArguments);
  if (problems.length > 0) return refusal(`The arguments do not fit the tool's schema. ${problems.join(' ')}`);

  try {
    return await decideAndAct(inbound, tool, toolArguments, ports, desk);
  } catch (error) {
    // SECURITY(I8): whatever broke, nothing was sent; execute() turns its own failures into answers.
    return refusal(
      error instanceof AppError ? error.userMessage : 'Countersign could not check this call, so it was refused.',
    );
  }
}

async function decideAndAct(
  inbound: InboundRequest,
  tool: ResolvedTool,
  toolArguments: JsonObject,
  ports: PipelinePorts,
  desk: ApprovalDesk,
): Promise<InboundAnswer> {
  const operation = await understand(inbound, tool, toolArguments, ports);
  const leak = secretDecision(sentParams(operation.call, inbound), ports.redactor);
  const decision =
    leak ??
    decide(operation, { authority: ports.authority.snapshot(), review: tool.review, nowMs: ports.clock.nowMs() });
  // SECURITY(AU-15): a headline names the target in its own words, and those may be the secret.
  const viewIt = once(() => buildEffectView(operation, tool.pinned.definition));
  const headline = leak ? plainHeadline(operation) : headlineOf(operation, viewIt);
  const recorder = recordCall(operation, decision, headline, ports);

  switch (decision.decision) {
    case 'forbid':
      recorder.outcome('refused', decision.reasons[0]);
      return refusal(decision.reasons.join(' '));
    case 'permit':
      return execute({ operation, tool, recorder, authorizedBy: decision.by, inbound }, ports);
    case 'prompt': {
      // Nobody is asked about what could not be sent anyhow.
      const obstacle = ports.upstream.obstacle(operation.call.serverId);
      if (obstacle === undefined) return askThenAct(inbound, { operation, tool, recorder }, viewIt(), ports, desk);
      recorder.outcome('not-sent', obstacle);
      return notAvailable(obstacle);
    }
  }
}

/** Freezes the call and finds out what it would do and what is true about its target. */
async function understand(
  inbound: InboundRequest,
  tool: ResolvedTool,
  toolArguments: JsonObject,
  ports: PipelinePorts,
): Promise<Operation> {
  const call = freezeCall(inbound.caller, tool, toolArguments, continuationOf(inbound.params), ports.sha256);
  const classification = ports.classifier.classify(tool, call.arguments);
  const gathered = await ports.facts.gather(tool, call.arguments, classification, inbound.signal);
  return { call, classification, gathered, environment: tool.server.environment };
}

async function askThenAct(
  inbound: InboundRequest,
  decided: Pick<AuthorizedCall, 'operation' | 'tool' | 'recorder'>,
  view: EffectView,
  ports: PipelinePorts,
  desk: ApprovalDesk,
): Promise<InboundAnswer> {
  const { operation, recorder } = decided;
  const { call } = operation;
  const informed = keepCallerInformed(inbound, ports.clock);
  const answer = await desk
    .ask(
      {
        callDigest: call.callDigest,
        caller: call.caller,
        serverId: call.serverId,
        toolName: call.toolName,
        canonicalArguments: call.canonicalArguments,
        view,
        sessionGrant: offerSessionGrant(operation),
        similarityKey: similarityKey(operation),
        headline: plainText(view.headline),
      },
      { signal: inbound.signal, patienceMs: inbound.patienceMs },
    )
    .finally(informed.stop);

  if (answer.kind !== 'approved') return endWithoutAction(answer, recorder);
  if (!desk.consume(call.callDigest, answer.approvalId)) {
    recorder.outcome('withdrawn', 'The approval was used or ended already.');
    return refusal('The approval for this call was used or ended already. Nothing was done.');
  }
  const authorizedBy = { approvalId: answer.approvalId, kind: 'approval' } as const;
  return execute({ ...decided, authorizedBy, inbound }, ports);
}

function endWithoutAction(answer: Exclude<DeskAnswer, { kind: 'approved' }>, recorder: CallRecorder): InboundAnswer {
  switch (answer.kind) {
    case 'pending':
      recorder.outcome('pending');
      return refusal(
        `Approval pending: the person has not answered yet. Call again with the same arguments within ${approvalLimits.lateApprovalUsableMs / 60_000} minutes; nothing was done so far.`,
      );
    case 'denied':
      recorder.outcome('denied', answer.reason);
      return refusal(`Denied. ${answer.reason} Nothing was done.`);
    case 'expired':
      recorder.outcome('expired', answer.reason);
      return refusal(`Not approved in time. ${answer.reason} Nothing was done.`);
    case 'withdrawn':
      recorder.outcome('withdrawn', answer.reason);
      return refusal(`Withdrawn. ${answer.reason} Nothing was done by this call.`);
    case 'refused':
      recorder.outcome('refused', answer.reason);
      return refusal(`${answer.reason} Nothing was done.`);
  }
}

/** One line for the ledger. A read changes nothing, so its tool's name says enough and costs nothing to build. */
function headlineOf(operation: Operation, viewIt: () => EffectView): string {
  return operation.classification.effect === 'read' ? plainHeadline(operation) : plainText(viewIt().headline);
}

function plainHeadline({ call }: Operation): string {
  return `${call.toolName} on ${call.serverId}`;
}

/** The view of a large call takes its time to build, and two have a use for it. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** SECURITY(DG-25): without the session, which an AI client can begin anew whenever it likes. */
function similarityKey({ call, gathered }: Operation): string {
  const target = Object.entries(gathered.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([call.caller.mcpClientId, call.serverId, call.toolName, target]);
}

/** MCP 2026-07-28 multi round-trip requests: the answers that a retry carries belong to the call and to its digest. */
function continuationOf(params: JsonObject): JsonObject | undefined {
  const { inputResponses, requestState } = params;
  const continuation: Record<string, JsonValue> = {};
  if (inputResponses !== undefined) continuation['inputResponses'] = inputResponses;
  if (requestState !== undefined) continuation['requestState'] = requestState;
  return Object.keys(continuation).length === 0 ? undefined : continuation;
}
