/**
 * While a person decides, minutes pass: what was staged, what exists or is checked out, the tool, the server behind it and
 * the rules may all be others by now. What was shown is sent, or nothing (I2, MC-17).
 */
import type { Operation } from '../core/model/operation.ts';
import { decide } from '../core/policy/decide.ts';
import type { InboundRequest, PipelinePorts, ResolvedTool } from './ports.ts';

export type ShownCall = {
  readonly operation: Operation;
  readonly tool: ResolvedTool;
  readonly inbound: InboundRequest;
};

/** What the ledger and what the AI client is told. */
export type Hindrance = { readonly record: string; readonly sentence: string };

export async function whyNotAsShown(
  { operation, tool, inbound }: ShownCall,
  ports: PipelinePorts,
): Promise<Hindrance | undefined> {
  const { call, classification, gathered } = operation;
  const world = await ports.facts.gather(tool, call.arguments, classification, inbound.signal);
  if (world.worldDigest !== gathered.worldDigest) return changed('What this call acts on');

  const present = ports.catalogue.resolve(call.serverId, call.toolName);
  if (!present || isAnother(present, operation, ports)) return changed('The tool or its server');

  // SECURITY(CL-10, I8): forbid wins, also when it came after the question.
  const { authority, clock } = ports;
  const decision = decide(operation, {
    authority: authority.snapshot(),
    review: present.review,
    nowMs: clock.nowMs(),
  });
  if (decision.decision !== 'forbid') return undefined;
  const sentence = decision.reasons.join(' ');
  return { record: sentence, sentence };
}

/** SECURITY(MC-03): reviewed anew meanwhile, another server under the same name, or rated differently by the person. */
function isAnother(present: ResolvedTool, { call, classification }: Operation, ports: PipelinePorts): boolean {
  return (
    present.pinned.definitionHash !== call.definitionHash ||
    present.server.endpoint !== call.serverEndpoint ||
    ports.classifier.classify(present, call.arguments).effect !== classification.effect
  );
}

function changed(what: string): Hindrance {
  return {
    record: `${what} changed after it was shown.`,
    sentence: `${what} changed after the person saw it, so it was not sent. Call again to have it shown as it is now.`,
  };
}
