/**
 * Where all servers stand behind one endpoint, an AI client cannot see which of them asks its person something; it would look
 * like a question of Countersign. SECURITY(MC-22): the question says whose it is, whichever way it takes.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import type { UpstreamOutcome, UpstreamPort } from './ports.ts';

export function namedQuestions(upstream: UpstreamPort): UpstreamPort {
  return {
    capabilities: (serverId) => upstream.capabilities(serverId),
    obstacle: (serverId) => upstream.obstacle(serverId),
    async request(upstreamRequest) {
      const { onUpstreamRequest, serverId } = upstreamRequest;
      const outcome = await upstream.request(
        onUpstreamRequest === undefined
          ? upstreamRequest
          : {
              ...upstreamRequest,
              onUpstreamRequest: (method, params) => onUpstreamRequest(method, named(serverId, method, params)),
            },
      );
      return isQuestion(outcome) ? { kind: 'answered', result: namedInput(serverId, outcome.result) } : outcome;
    },
  };
}

function isQuestion(outcome: UpstreamOutcome): outcome is Extract<UpstreamOutcome, { kind: 'answered' }> {
  return outcome.kind === 'answered' && outcome.result['resultType'] === 'input_required';
}

function namedInput(serverId: string, result: JsonObject): JsonObject {
  const { inputRequests } = result;
  if (!isJsonObject(inputRequests)) return result;
  const questions = Object.entries(inputRequests).map(([key, question]): [string, JsonValue] => {
    if (!isJsonObject(question) || !isJsonObject(question['params'])) return [key, question];
    return [key, { ...question, params: named(serverId, String(question['method']), question['params']) }];
  });
  return { ...result, inputRequests: Object.fromEntries(questions) };
}

function named(serverId: string, method: string, params: JsonObject): JsonObject {
  const { message } = params;
  if (method !== 'elicitation/create' || typeof message !== 'string') return params;
  return {
    ...params,
    message: `The server "${serverId}" asks this, not Countersign. Give it no passwords or keys.\n\n${message}`,
  };
}
