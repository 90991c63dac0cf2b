/**
 * A modern upstream in front of an AI client of the initialize era: `input_required` results become requests to that
 * client, and the call is sent again with the answers and the upstream's state, byte for byte (MCP 2026-07-28,
 * multi round-trip requests). The AI client sees one call with one answer.
 */
import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/model/json.ts';
import type { UpstreamOutcome } from '../pipeline/ports.ts';
import { readQuestion } from './client-capabilities.ts';

/** An upstream that keeps asking is broken, or wants to wear a person down. */
export const MAX_ROUNDS = 8;
export const MAX_QUESTIONS = 8;

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
    const questions = questionsOf(outcome.result);
    if (questions === undefined || round >= MAX_ROUNDS || questions.length > MAX_QUESTIONS) return tooManyQuestions();
    const answers: [string, JsonValue][] = [];
    for (const [key, question] of questions) {
      const asked = readQuestion(question);
      if (asked === undefined || !mayAsk(asked.method)) return notAllowed();
      try {
        answers.push([key, await askMcpClient(asked.method, withId(asked))]);
      } catch {
        return refused('The AI client did not answer what the server asked for.');
      }
    }
    outcome = await sendAgain(answeredParams(callParams, outcome.result, answers));
  }
  return outcome;
}

/** The questions of an `input_required` result by their keys; undefined where they are not in the form they must have. */
export function questionsOf({ inputRequests }: JsonObject): readonly (readonly [string, JsonValue])[] | undefined {
  if (inputRequests === undefined) return [];
  return isJsonObject(inputRequests) ? Object.entries(inputRequests) : undefined;
}

/** The call again, with the answers and with the upstream's state, byte for byte. */
export function answeredParams(
  callParams: JsonObject,
  { requestState }: JsonObject,
  answers: readonly (readonly [string, JsonValue])[],
): JsonObject {
  return {
    ...callParams,
    ...(answers.length === 0 ? {} : { inputResponses: Object.fromEntries(answers) }),
    ...(typeof requestState === 'string' ? { requestState } : {}),
  };
}

/** 2025-11-25 tells a question that opens an address by an id, which 2026-07-28 has not. */
function withId({ method, params }: { readonly method: string; readonly params: JsonObject }): JsonObject {
  const needsId = method === 'elicitation/create' && params['mode'] === 'url';
  return needsId ? { ...params, elicitationId: randomUUID() } : params;
}

export function tooManyQuestions(): UpstreamOutcome {
  return refused('The server asked too many questions; the call was given up.');
}

export function notAllowed(): UpstreamOutcome {
  return refused('The server asked for something that it is not allowed to ask for.');
}

/** The call itself was carried out as far as the question; what is missing is the answer. */
function refused(message: string): UpstreamOutcome {
  return { kind: 'answered', result: { content: [{ type: 'text', text: message }], isError: true } };
}
