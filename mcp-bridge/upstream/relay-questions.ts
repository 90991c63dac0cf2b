/**
 * A modern upstream in front of a modern AI client: `input_required` passes through, and the AI client answers by calling
 * again (MCP 2026-07-28, multi round-trip requests). Looked at on the way, since the upstream may ask without having been
 * offered the answer: SECURITY(MC-22) a question that nobody allowed, or that the AI client does not take, is withheld
 * with everything beside it. Folders that the person gave are answered here.
 */
import { isJsonObject, type JsonObject } from '../core/model/json.ts';
import type { UpstreamOutcome } from '../pipeline/ports.ts';
import { callerTakes, readQuestion, rootsResult } from './client-capabilities.ts';
import {
  answeredParams,
  isInputRequired,
  MAX_QUESTIONS,
  MAX_ROUNDS,
  notAllowed,
  questionsOf,
  tooManyQuestions,
} from './fulfil-input.ts';

export async function relayQuestions(
  first: UpstreamOutcome,
  callParams: JsonObject,
  asking: { readonly mayAsk: (method: string) => boolean; readonly folders: readonly string[] },
  sendAgain: (params: JsonObject) => Promise<UpstreamOutcome>,
): Promise<UpstreamOutcome> {
  let outcome = first;
  for (let round = 0; isInputRequired(outcome); round += 1) {
    const questions = questionsOf(outcome.result);
    if (questions === undefined || round >= MAX_ROUNDS || questions.length > MAX_QUESTIONS) return tooManyQuestions();
    const isOurs = (question: (typeof questions)[number]) =>
      asking.folders.length > 0 && readQuestion(question[1])?.method === 'roots/list';
    const ours = questions.filter(isOurs);
    const theirs = questions.filter((question) => !isOurs(question));
    for (const [, question] of theirs) {
      const asked = readQuestion(question);
      if (asked === undefined || !asking.mayAsk(asked.method) || !callerTakes(callParams, asked.method))
        return notAllowed();
    }
    if (ours.length === 0) return outcome;
    // What is asked of us beside others is asked again, alone, once they are answered.
    if (theirs.length > 0)
      return { kind: 'answered', result: { ...outcome.result, inputRequests: Object.fromEntries(theirs) } };
    const answers = ours.map(([key]) => [key, rootsResult(asking.folders)] as const);
    const given = isJsonObject(callParams['inputResponses']) ? Object.entries(callParams['inputResponses']) : [];
    outcome = await sendAgain(answeredParams(callParams, outcome.result, [...given, ...answers]));
  }
  return outcome;
}
