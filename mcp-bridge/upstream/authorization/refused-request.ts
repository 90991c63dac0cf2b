/**
 * What an AI client hears when a server refused its request for want of a sign-in (MCP authorization, error handling).
 * The request is not repeated: a server that says 401 may still have acted, and a call is forwarded once (I1).
 */
import type { UpstreamOutcome } from '../../pipeline/ports.ts';
import type { CallRequest, UpstreamConnection } from '../connection.ts';
import type { SupervisedUpstream } from '../supervised-upstream.ts';
import type { Learnt, ServerAuthorization } from './server-authorization.ts';

/** Never rejects. */
export async function requestSignedIn(
  upstream: Pick<SupervisedUpstream, 'needsSignIn'>,
  authorization: ServerAuthorization,
  connection: UpstreamConnection,
  callRequest: CallRequest,
): Promise<UpstreamOutcome> {
  const used = authorization.header();
  const outcome = await connection.request(callRequest);
  if (!isRefused(outcome)) return outcome;
  const learnt = await authorization.learn(used);
  if (learnt === 'needed') upstream.needsSignIn();
  return sayWhy(outcome, learnt, authorization, callRequest.method);
}

function isRefused(outcome: UpstreamOutcome): boolean {
  const httpStatus = httpStatusOf(outcome);
  return httpStatus === 401 || httpStatus === 403;
}

function httpStatusOf(outcome: UpstreamOutcome): unknown {
  if (outcome.kind !== 'failed' || typeof outcome.data !== 'object' || outcome.data === null) return undefined;
  return (outcome.data as { readonly httpStatus?: unknown }).httpStatus;
}

/** A refused call becomes a result with `isError`, so that the model reads it; other requests stay errors. */
function sayWhy(
  outcome: UpstreamOutcome,
  learnt: Learnt,
  { need }: Pick<ServerAuthorization, 'need'>,
  method: string,
): UpstreamOutcome {
  const sentence = sentenceFor(learnt, need?.why === 'more-scopes' ? need.scopes : undefined);
  if (outcome.kind !== 'failed' || sentence === undefined) return outcome;
  if (method === 'tools/call')
    return { kind: 'answered', result: { content: [{ type: 'text', text: sentence }], isError: true } };
  return { kind: 'failed', code: outcome.code, message: sentence, data: { httpStatus: httpStatusOf(outcome) } };
}

function sentenceFor(learnt: Learnt, moreScopes: readonly string[] | undefined): string | undefined {
  switch (learnt) {
    case 'renewed':
      return 'The server did not accept the sign-in, which has been renewed since. The call was refused; call again.';
    case 'needed':
      return moreScopes === undefined
        ? 'The server refused the call: the person has to sign in to it in Countersign, under Servers. Ask them to, then call again.'
        : `The server refused the call: it needs more permission${inItsWords(moreScopes)}. The person can allow that in Countersign, under Servers. Ask them, then call again.`;
    case 'unclear':
      return undefined;
  }
}

/**
 * SECURITY(MC-01): names of scopes are the server's, and put one after the other they are prose in the midst of ours. Few
 * and short they stand in quotation marks, which no scope can hold (RFC 6749 §3.3); the person sees all of them.
 */
function inItsWords(scopes: readonly string[]): string {
  const isShort = scopes.length > 0 && scopes.length <= 5 && scopes.every((scope) => SHORT_SCOPE.test(scope));
  return isShort ? ` (in its words "${scopes.join(' ')}")` : '';
}

const SHORT_SCOPE = /^[\w:./*~+-]{1,100}$/;
