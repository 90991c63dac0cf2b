/**
 * Between the eras: what an upstream asks in the middle of a call reaches the AI client in the way of its own era.
 *
 * | AI client \\ upstream | stateless | initialize |
 * |---|---|---|
 * | stateless | `input_required` passes, where it was allowed | the call is parked, its questions become `input_required` |
 * | initialize | `input_required` becomes requests, then the call is sent again | requests pass through |
 */
import type { JsonObject } from '../core/model/json.ts';
import type { UpstreamOutcome, UpstreamRequest } from '../pipeline/ports.ts';
import { mayAsk, rootsResult } from './client-capabilities.ts';
import { fulfilInput, isInputRequired } from './fulfil-input.ts';
import { ParkedCalls } from './parked-calls.ts';
import type { UpstreamEra } from './protocol-eras.ts';
import { createQuestionLimit } from './question-limit.ts';
import { relayQuestions } from './relay-questions.ts';
import { hearingItsOwn } from './relayed-notifications.ts';
import type { UpstreamServerConfig } from './server-config.ts';

type Send = (upstreamRequest: UpstreamRequest) => Promise<UpstreamOutcome>;

export type FacingUpstream = {
  readonly allow: UpstreamServerConfig['allow'] | undefined;
  /** Absolute folders that the server is told of, in place of the AI client's. */
  readonly folders: readonly string[];
  /** Undefined while it is not connected. */
  readonly era: UpstreamEra | undefined;
  /** Takes what came on the stream of a call and belongs to the server. */
  readonly elsewhere: (method: string, params: JsonObject) => void;
};

export class EraBridge {
  readonly #parked = new ParkedCalls();

  /** Never rejects. */
  async request(asked: UpstreamRequest, facing: FacingUpstream, send: Send): Promise<UpstreamOutcome> {
    const { allow, era, folders, elsewhere } = facing;
    const heard = hearingItsOwn(asked, { mayElicit: allow?.elicitation === true, elsewhere });
    const upstreamRequest = askingInMeasure(heard);
    const { onUpstreamRequest, statelessMcpClientId, params } = upstreamRequest;
    if (statelessMcpClientId !== undefined) {
      if (this.#parked.isOurs(upstreamRequest)) return this.#parked.resume(upstreamRequest, statelessMcpClientId);
      const mayBeAsked = allow !== undefined && (allow.elicitation || allow.sampling || allow.roots);
      if (era !== 'stateless' && mayBeAsked) return this.#parked.start(upstreamRequest, statelessMcpClientId, send);
    }
    const outcome = await send(upstreamRequest);
    if (allow === undefined || !isInputRequired(outcome)) return outcome;
    const isOurs = (method: string) => method === 'roots/list' && folders.length > 0;
    const isAllowed = (method: string) => isOurs(method) || mayAsk({ ...allow, folders: [] }, method);
    const sendAgain = (next: JsonObject) => send({ ...upstreamRequest, params: next });
    if (statelessMcpClientId !== undefined)
      return relayQuestions(outcome, params, { mayAsk: isAllowed, folders }, sendAgain);
    const ask = async (method: string, question: JsonObject) => {
      if (isOurs(method)) return rootsResult(folders);
      if (onUpstreamRequest === undefined) throw new Error('this AI client takes no questions');
      return onUpstreamRequest(method, question);
    };
    return fulfilInput(outcome, params, isAllowed, ask, sendAgain);
  }

  close(): void {
    this.#parked.close();
  }
}

function askingInMeasure(upstreamRequest: UpstreamRequest): UpstreamRequest {
  const { onUpstreamRequest } = upstreamRequest;
  if (onUpstreamRequest === undefined) return upstreamRequest;
  const count = createQuestionLimit();
  return {
    ...upstreamRequest,
    onUpstreamRequest: async (method, params) => {
      count(method);
      return onUpstreamRequest(method, params);
    },
  };
}

/** Reasons are read by people and models in the middle of other sentences. */
export function asSentence(outcome: UpstreamOutcome): UpstreamOutcome {
  if (outcome.kind !== 'not-sent' && outcome.kind !== 'unknown') return outcome;
  return { kind: outcome.kind, reason: sentenceOf(outcome.reason) };
}

export function sentenceOf(reason: string): string {
  const begun = reason.charAt(0).toUpperCase() + reason.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
