/**
 * Secrets on the way of a call, in both directions. What goes to an upstream must not carry one (MC-39); whatever
 * comes back, on whichever of the protocol's ways, is redacted before the AI client sees it (MC-37).
 */

import type { Decision } from '../core/model/decision.ts';
import type { JsonObject } from '../core/model/json.ts';
import { jsonSize } from '../core/redact/json-size.ts';
import { rpcError } from './answers.ts';
import type { InboundAnswer, InboundRequest, RedactorPort, UpstreamOutcome, UpstreamRequest } from './ports.ts';

export const secretRule = 'secret-in-arguments';

const secretSentence =
  'The call carries a secret that Countersign keeps, or a key of a well-known form. Secrets do not pass through AI clients: they belong into the configuration of the server. Nothing was sent.';

/**
 * SECURITY(MC-39): also in reads, since an allowed fetch is the way out, and also to the server that owns the secret: it
 * gets it from the configuration and never from an AI. Undefined: there is none.
 */
export function secretDecision(sent: JsonObject, redactor: RedactorPort): Decision | undefined {
  return redactor.redact(sent).redactions === 0
    ? undefined
    : { decision: 'forbid', code: 'guardrail', reasons: [secretSentence], policies: [secretRule] };
}

type Exchange = Pick<UpstreamRequest, 'onNotification' | 'onUpstreamRequest'>;

/** Progress, logs and questions of the upstream reach the AI client redacted; its answers are held to the same rule. */
export function watchedExchange(inbound: InboundRequest, redactor: RedactorPort): Exchange {
  const ask = inbound.requestMcpClient;
  return {
    onNotification: (method, params) => inbound.notify(method, redactor.redact(params).result),
    onUpstreamRequest:
      ask &&
      (async (method, params) => {
        const answer = await ask(method, redactor.redact(params).result);
        if (redactor.redact(answer).redactions > 0) throw new Error('the answer carries a secret');
        return answer;
      }),
  };
}

/** In UTF-16 units over all names and texts of a result. Larger ones fill an AI's context and stall everything else. */
export const maxResultCharacters = 8 * 1024 * 1024;

type Watched = { readonly answer: InboundAnswer; readonly redactions: number };

/** An answer of the upstream as the AI client may see it. A result that is too large is withheld, not cut. */
export function watchedAnswer(
  outcome: Extract<UpstreamOutcome, { kind: 'answered' | 'failed' }>,
  redactor: RedactorPort,
  tooLarge: (sentence: string) => InboundAnswer,
): Watched {
  if (outcome.kind === 'failed') return watchedError(outcome, redactor);
  if (jsonSize(outcome.result, maxResultCharacters) > maxResultCharacters)
    return { answer: tooLarge(tooLargeSentence), redactions: 0 };
  const { result, redactions } = redactor.redact(outcome.result);
  return { answer: { kind: 'result', result }, redactions };
}

const tooLargeSentence =
  'The call was carried out, but its result is larger than 8 MiB of text, so Countersign withheld it. Ask for less at a time.';

function watchedError(
  { code, message, data }: Extract<UpstreamOutcome, { kind: 'failed' }>,
  redactor: RedactorPort,
): Watched {
  const { result, redactions } = redactor.redact({ message, data: (data ?? null) as JsonObject });
  const shown = result['data'];
  const shownData = typeof shown === 'object' && shown !== null ? (shown as JsonObject) : undefined;
  return { answer: rpcError(code, String(result['message']), shownData), redactions };
}

/** One sentence that may hold words of an upstream: an address, an error of its own. */
export function watchedSentence(sentence: string, redactor: RedactorPort): string {
  return String(redactor.redact({ sentence }).result['sentence']);
}
