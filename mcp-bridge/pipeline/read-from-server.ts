/**
 * Reading that is no tool call: resources, prompts, completions, log levels. It takes the same steps as a tool call,
 * decided as a read of its server: decide → journal → forward → redact → journal (AU-16, MC-21).
 */

import type { Decision } from '../core/model/decision.ts';
import type { JsonObject, JsonValue } from '../core/model/json.ts';
import type { Operation } from '../core/model/operation.ts';
import { decide } from '../core/policy/decide.ts';
import { rpcError } from './answers.ts';
import { recordCall } from './call-recorder.ts';
import { forwardedMeta } from './forwarded-meta.ts';
import type { InboundAnswer, InboundRequest, PipelinePorts, ServerFacts } from './ports.ts';
import type { Route } from './routes.ts';
import { secretDecision, watchedAnswer, watchedExchange, watchedSentence } from './watch-secrets.ts';

/** JSON-RPC code of MCP for a resource that is not there (2025-11-25 Resources, Error Handling). */
const resourceNotFound = -32002;
const refusedCode = -32003;
const tooLarge = (sentence: string) => rpcError(-32603, sentence);

export async function readFromServer(
  inbound: InboundRequest,
  route: Route | undefined,
  ports: PipelinePorts,
): Promise<InboundAnswer> {
  const server = route && ports.catalogue.facts(route.serverId);
  if (!route || !server) {
    return inbound.method.startsWith('resources/')
      ? rpcError(resourceNotFound, 'Resource not found.')
      : rpcError(-32602, 'There is nothing by that name here.');
  }
  try {
    return await decideAndRead(inbound, route, server, ports);
  } catch {
    // SECURITY(I8): what could not be decided or recorded is not sent.
    return rpcError(-32603, 'Countersign could not check this request, so it was refused.');
  }
}

async function decideAndRead(
  inbound: InboundRequest,
  { serverId, params }: Route,
  server: ServerFacts,
  ports: PipelinePorts,
): Promise<InboundAnswer> {
  const operation = readOperation(inbound, server, ports);
  const sent = { ...knownMembers(inbound.method, params), ...forwardedMeta(inbound) };
  const decision =
    secretDecision(sent, ports.redactor) ??
    endingOf(inbound, ports) ??
    decide(operation, { authority: ports.authority.snapshot(), review: 'reviewed', nowMs: ports.clock.nowMs() });
  const recorder = recordCall(operation, decision, `${inbound.method} on ${serverId}`, ports);
  if (decision.decision !== 'permit') {
    recorder.outcome('refused', decision.reasons[0]);
    return rpcError(refusedCode, decision.reasons.join(' '));
  }
  recorder.intent(decision.by);
  const outcome = await ports.upstream.request({
    serverId,
    method: inbound.method,
    params: sent,
    signal: inbound.signal,
    ...watchedExchange(inbound, ports.redactor),
    statelessMcpClientId: inbound.era === 'stateless' ? inbound.caller.mcpClientId : undefined,
  });
  switch (outcome.kind) {
    case 'answered':
      recorder.outcome('succeeded');
      return watchedAnswer(outcome, ports.redactor, tooLarge).answer;
    case 'failed':
      recorder.outcome('failed', `JSON-RPC error ${outcome.code} by the server.`);
      return watchedAnswer(outcome, ports.redactor, tooLarge).answer;
    default: {
      const reason = watchedSentence(outcome.reason, ports.redactor);
      recorder.outcome(outcome.kind, reason);
      return rpcError(-32603, `The server is not available: ${reason}`);
    }
  }
}

/**
 * SECURITY(MC-23): what was subscribed to while it was allowed can always be ended, also when the AI client was removed
 * and its grants with it. It gives nothing to anybody, and while everything is stopped it waits too.
 */
function endingOf({ method }: InboundRequest, { authority }: PipelinePorts): Decision | undefined {
  if (method !== 'resources/unsubscribe' || authority.snapshot().stopped !== undefined) return undefined;
  const ruleId = 'end-subscription';
  return {
    decision: 'permit',
    reasons: ['It only ends what was allowed before.'],
    policies: [ruleId],
    by: { kind: 'rule', ruleId },
  };
}

/** The request as an operation: a read by its method, with nothing of the world to look up. */
function readOperation(inbound: InboundRequest, server: ServerFacts, { sha256 }: PipelinePorts): Operation {
  const callArguments = knownMembers(inbound.method, inbound.params);
  const canonicalArguments = JSON.stringify(callArguments);
  return {
    call: {
      caller: inbound.caller,
      serverId: server.serverId,
      serverEndpoint: server.endpoint,
      toolName: inbound.method,
      definitionHash: '',
      arguments: callArguments,
      canonicalArguments,
      callDigest: sha256(
        JSON.stringify([inbound.caller.mcpClientId, server.serverId, inbound.method, canonicalArguments]),
      ),
    },
    classification: {
      effect: 'read',
      basis: 'names',
      confidence: 'high',
      domain: 'other',
      reasons: [`${inbound.method} only reads.`],
    },
    gathered: { facts: { kind: 'none' }, attributes: {}, worldDigest: '' },
    environment: server.environment,
  };
}

const continuation = ['inputResponses', 'requestState'] as const;

/** What each method has (MCP 2025-11-25 and 2026-07-28). SECURITY(I2): what it does not have is sent nowhere. */
const membersOf: { readonly [method: string]: readonly string[] } = {
  'resources/read': ['uri', ...continuation],
  'resources/subscribe': ['uri'],
  'resources/unsubscribe': ['uri'],
  'prompts/get': ['name', 'arguments', ...continuation],
  'completion/complete': ['ref', 'argument', 'context'],
  'logging/setLevel': ['level'],
};

function knownMembers(method: string, params: JsonObject): JsonObject {
  const known: Record<string, JsonValue> = {};
  for (const name of membersOf[method] ?? []) {
    const value = params[name];
    if (value !== undefined) known[name] = value;
  }
  return known;
}
