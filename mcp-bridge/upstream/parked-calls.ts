/**
 * An upstream of the initialize era in front of a modern AI client: what the upstream asks in the middle of a call
 * becomes an `input_required` result, and the call stays open here until the AI client calls again with the answers
 * (MCP 2026-07-28, multi round-trip requests).
 *
 * The state that the AI client carries is the bridge's own: random, with a MAC over the AI client and the call,
 * good for one use and for ten minutes. Whoever else presents it, or with another call, gets an error and changes nothing.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';
import { isJsonObject, type JsonObject } from '../core/model/json.ts';
import type { UpstreamOutcome, UpstreamRequest } from '../pipeline/ports.ts';
import { sha256 } from './catalogue.ts';
import { callerTakes } from './client-capabilities.ts';
import { METHOD_NOT_FOUND, UpstreamRequestRefused } from './json-rpc.ts';
import { createQuestionLimit } from './question-limit.ts';
import { progressTokenOf } from './relayed-notifications.ts';

const EXPIRY_MS = 10 * 60_000;
/** Of one AI client: none can push out what another one waits for. */
const MAX_PARKED = 50;
const PREFIX = 'countersign.1.';
const INVALID_PARAMS = -32602;

type Question = {
  readonly method: string;
  readonly params: JsonObject;
  readonly answer: (response: JsonObject) => void;
  readonly refuse: (error: UpstreamRequestRefused) => void;
};

type Hear = NonNullable<UpstreamRequest['onNotification']>;

type Open = {
  readonly outcome: Promise<UpstreamOutcome>;
  readonly controller: AbortController;
  readonly questions: Question[];
  /** `wake` is called when a question has come, `hear` with what belongs to the call meanwhile. */
  readonly told: { wake: () => void; hear: Hear | undefined };
  readonly progressToken: string | number | undefined;
};

type Parked = {
  readonly mcpClientId: string;
  readonly open: Open;
  readonly asked: readonly Question[];
  readonly timer: NodeJS.Timeout;
};

export class ParkedCalls {
  readonly #key = randomBytes(32);
  readonly #parked = new Map<string, Parked>();
  readonly #expiryMs: number;

  constructor(expiryMs: number = EXPIRY_MS) {
    this.#expiryMs = expiryMs;
  }

  /** True for a retry with a state that was given out here, whether it is still good or not. */
  isOurs({ params }: UpstreamRequest): boolean {
    return typeof params['requestState'] === 'string' && params['requestState'].startsWith(PREFIX);
  }

  /** Never rejects. */
  start(
    upstreamRequest: UpstreamRequest,
    mcpClientId: string,
    send: (withQuestions: UpstreamRequest) => Promise<UpstreamOutcome>,
  ): Promise<UpstreamOutcome> {
    const controller = new AbortController();
    const questions: Question[] = [];
    const count = createQuestionLimit();
    const told: Open['told'] = { wake: () => {}, hear: upstreamRequest.onNotification };
    const outcome = send({
      ...upstreamRequest,
      signal: controller.signal,
      onNotification: (method, params) => told.hear?.(method, params),
      onUpstreamRequest: (method, params) =>
        new Promise((answer, refuse) => {
          count(method);
          if (!callerTakes(upstreamRequest.params, method))
            return refuse(new UpstreamRequestRefused(METHOD_NOT_FOUND, 'The AI client cannot be asked this.'));
          questions.push({ method, params, answer, refuse });
          told.wake();
        }),
    });
    const progressToken = progressTokenOf(upstreamRequest.params);
    const open: Open = { outcome, controller, questions, told, progressToken };
    return this.#untilQuestion(open, upstreamRequest, mcpClientId);
  }

  /** Never rejects. The same AI client, with the same call, once. */
  resume(upstreamRequest: UpstreamRequest, mcpClientId: string): Promise<UpstreamOutcome> {
    const state = String(upstreamRequest.params['requestState']).slice(PREFIX.length);
    const [id = '', mac = ''] = state.split('.');
    const parked = this.#parked.get(id);
    const expected = this.#mac(id, upstreamRequest, mcpClientId);
    const isGenuine = mac.length === expected.length && timingSafeEqual(Buffer.from(mac), Buffer.from(expected));
    if (parked === undefined || !isGenuine) {
      const message = 'The request state is not valid (any more) for this call; call again without it.';
      return Promise.resolve({ kind: 'failed', code: INVALID_PARAMS, message });
    }
    this.#parked.delete(id);
    clearTimeout(parked.timer);
    parked.open.told.hear = hearAgain(parked.open, upstreamRequest);
    const responses = upstreamRequest.params['inputResponses'];
    for (const [index, question] of parked.asked.entries()) {
      const response = isJsonObject(responses) ? responses[keyOf(index)] : undefined;
      if (isJsonObject(response)) question.answer(response);
      else question.refuse(new UpstreamRequestRefused(INVALID_PARAMS, 'The AI client gave no answer.'));
    }
    return this.#untilQuestion(parked.open, upstreamRequest, mcpClientId);
  }

  close(): void {
    for (const [id, parked] of this.#parked) this.#giveUp(id, parked);
  }

  async #untilQuestion(open: Open, request: UpstreamRequest, mcpClientId: string): Promise<UpstreamOutcome> {
    const cancel = () => open.controller.abort();
    request.signal.addEventListener('abort', cancel, { once: true });
    if (request.signal.aborted) cancel();
    const question = new Promise<undefined>((resolve) => {
      open.told.wake = () => resolve(undefined);
      if (open.questions.length > 0) resolve(undefined);
    });
    const outcome = await Promise.race([open.outcome, question]);
    request.signal.removeEventListener('abort', cancel);
    return outcome ?? this.#park(open, request, mcpClientId);
  }

  #park(open: Open, request: UpstreamRequest, mcpClientId: string): UpstreamOutcome {
    const id = randomBytes(16).toString('hex');
    const asked = open.questions.splice(0);
    const timer = setTimeout(() => {
      const parked = this.#parked.get(id);
      if (parked !== undefined) this.#giveUp(id, parked);
    }, this.#expiryMs);
    timer.unref();
    this.#parked.set(id, { mcpClientId, open, asked, timer });
    const [oldest, ...others] = [...this.#parked].filter(([, parked]) => parked.mcpClientId === mcpClientId);
    if (others.length >= MAX_PARKED && oldest !== undefined) this.#giveUp(...oldest);
    const inputRequests = Object.fromEntries(
      asked.map(({ method, params }, index) => [keyOf(index), { method, params: asModern(params) }]),
    );
    const requestState = `${PREFIX}${id}.${this.#mac(id, request, mcpClientId)}`;
    return { kind: 'answered', result: { resultType: 'input_required', inputRequests, requestState } };
  }

  #giveUp(id: string, { open, asked, timer }: Parked): void {
    this.#parked.delete(id);
    clearTimeout(timer);
    for (const { refuse } of asked) refuse(new UpstreamRequestRefused(INVALID_PARAMS, 'Nobody answered in time.'));
    open.controller.abort();
  }

  #mac(id: string, { serverId, method, params }: UpstreamRequest, mcpClientId: string): string {
    const { _meta, inputResponses, requestState, ...call } = params;
    const digest = sha256(canonicalJson({ serverId, method, call, mcpClientId }));
    return createHmac('sha256', this.#key).update(`${id}.${digest}`).digest('hex');
  }
}

/** The call goes on under the retry: what it tells is told there, with the token that the retry has. */
function hearAgain({ progressToken: before }: Open, { onNotification, params }: UpstreamRequest): Hear | undefined {
  const progressToken = progressTokenOf(params);
  return (method, told) => {
    if (method !== 'notifications/progress') onNotification?.(method, told);
    else if (before !== undefined && progressToken !== undefined && told['progressToken'] === before)
      onNotification?.(method, { ...told, progressToken });
  };
}

function keyOf(index: number): string {
  return `question-${index + 1}`;
}

/** What 2026-07-28 has no word for is left out. */
function asModern(params: JsonObject): JsonObject {
  const { elicitationId, _meta, task, ...others } = params;
  return others;
}
