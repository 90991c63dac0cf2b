/**
 * A modern upstream in front of an AI client of the initialize era: `input_required` results become requests to that
 * client, and the call is sent again with the answers and the upstream's state, byte for byte (MCP 2026-07-28,
 * multi round-trip requests). The AI client sees one call with one answer.
 */
import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import type { UpstreamOutcome } from '../pipeline/ports.ts';

/** An upstream that keeps asking is broken, or wants to wear a person down. */
const MAX_ROUNDS = 8;
const MAX_QUESTIONS = 8;

type AskMcpClient = (method: string, params: JsonObject) => Promise<JsonObject>;

export function isInputRequired(outcome: UpstreamOutcome): outcome is UpstreamOutcome & { readonly kind: 'answered' } {
  return outcome.kind === 'answered' && outcome.result['resultType'] === 'input_required';
}

export async function fulfilInput(
  first: UpstreamOutcome,
  callParams: JsonObject,
  mayAsk: (method: string) => boolean,
  askMcpClient: AskMcpClient,
  sendAgain: (params: JsonObject) => Promise<UpstreamOutcome>,
): Promise<UpstreamOutcome> {
  let outcome = first;
  for (let round = 0; isInputRequired(outcome); round += 1) {
    const { inputRequests, requestState } = outcome.result;
    const questions = isJsonObject(inputRequests) ? Object.entries(inputRequests) : [];
    if (round >= MAX_ROUNDS || questions.length > MAX_QUESTIONS)
      return refused('The server asked too many questions; the call was given up.');
    const answers: [string, JsonValue][] = [];
    for (const [key, question] of questions) {
      const { method, params } = readQuestion(question);
      if (method === undefined || !mayAsk(method))
        return refused('The server asked for something that it is not allowed to ask for.');
      try {
        answers.push([key, await askMcpClient(method, params)]);
      } catch {
        return refused('The AI client did not answer what the server asked for.');
      }
    }
    outcome = await sendAgain({
      ...callParams,
      ...(answers.length === 0 ? {} : { inputResponses: Object.fromEntries(answers) }),
      ...(typeof requestState === 'string' ? { requestState } : {}),
    });
  }
  return outcome;
}

function readQuestion(question: JsonValue): { readonly method: string | undefined; readonly params: JsonObject } {
  if (!isJsonObject(question) || typeof question['method'] !== 'string') return { method: undefined, params: {} };
  const params = isJsonObject(question['params']) ? question['params'] : {};
  // 2025-11-25 tells a question that opens an address by an id, which 2026-07-28 has not.
  const needsId = question['method'] === 'elicitation/create' && params['mode'] === 'url';
  return { method: question['method'], params: needsId ? { ...params, elicitationId: randomUUID() } : params };
}

/** The call itself was carried out as far as the question; what is missing is the answer. */
function refused(message: string): UpstreamOutcome {
  return { kind: 'answered', result: { content: [{ type: 'text', text: message }], isError: true } };
}
