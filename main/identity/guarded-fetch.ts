/**
 * All requests to an issuer go through here. What the issuer's metadata names is attacker-written until proven
 * otherwise, so an address is judged by where it leads, and the connection goes exactly there (OA-10):
 *
 *  - https; http only to the very origin of a loopback issuer
 *  - the name is resolved once, every address of it is judged, and the judged one is connected to (no second lookup)
 *  - no redirect is followed, no proxy asked, no cookie kept; size and time are capped
 */
import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { AppError } from '../../mcp-bridge/core/errors.ts';
import { type AddressRange, rangeOf } from './address-ranges.ts';
import { addressOf, isLoopbackHttp } from './open-in-browser.ts';

/**
 * May this address be asked at all, and if so, may it lead inside a network?
 *
 * @throws AppError 'identity.issuer-refused'
 */
export type JudgeAddress = (url: URL) => boolean;

export type GuardedFetchOptions = {
  /** In place of the rule for an issuer that the person configured. */
  readonly judge?: JudgeAddress;
  readonly lookup?: typeof lookup;
  readonly largestAnswerBytes?: number;
  readonly answerWithinMs?: number;
};

type FetchOptions = {
  readonly method?: string | undefined;
  readonly headers?: Record<string, string> | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
};
export type GuardedFetch = (address: string, options?: FetchOptions) => Promise<Response>;

export function guardedFetch(issuer: URL, limits: GuardedFetchOptions = {}): GuardedFetch {
  return async (address, options = {}) => {
    const url = addressOf(address);
    const mayBeInside = judgeWhole(url, limits.judge ?? ((asked) => judgeAddress(asked, issuer)));
    return answerTo(url, options, judgingLookup(mayBeInside, limits.lookup ?? lookup), limits);
  };
}

/** @returns whether addresses inside a network are allowed: for the host the person configured, and for no other */
function judgeAddress(url: URL, issuer: URL): boolean {
  const isIssuersHost = url.hostname === issuer.hostname;
  const isLoopbackIssuer = isLoopbackHttp(issuer) && url.origin === issuer.origin;
  if (url.protocol !== 'https:' && !isLoopbackIssuer) throw refused('not https');
  return isIssuersHost;
}

/** With what is refused whatever the rule: credentials in an address, and a literal address in the wrong place. */
export function judgeWhole(url: URL, judge: JudgeAddress): boolean {
  const mayBeInside = judge(url);
  if (url.username !== '' || url.password !== '') throw refused('credentials in an address');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  // The parser has turned decimal, octal, hexadecimal and short forms into one by now; no lookup will be made for it.
  if (isIP(literal) !== 0) judgeRange(rangeOf(literal), mayBeInside);
  return mayBeInside;
}

function judgeRange(range: AddressRange, mayBeInside: boolean): void {
  if (range === 'never' || (range === 'inside' && !mayBeInside)) throw refused('it leads into a private network');
}

/** SECURITY(OA-10): judged and connected to in one step, so that a name cannot change its mind in between. */
function judgingLookup(mayBeInside: boolean, resolve: typeof lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      try {
        if (error) throw error;
        for (const { address } of addresses) judgeRange(rangeOf(address), mayBeInside);
        const [first] = addresses;
        if (!first) throw refused('the name has no address');
        if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      } catch (cause) {
        callback(cause as NodeJS.ErrnoException, [], 0);
      }
    });
  };
}

function answerTo(
  url: URL,
  { method = 'GET', headers = {}, body, signal }: FetchOptions,
  lookupFor: LookupFunction,
  { largestAnswerBytes = 512 * 1024, answerWithinMs = 15_000 }: GuardedFetchOptions,
): Promise<Response> {
  const payload = body === undefined || body === null ? undefined : String(body); // text or URLSearchParams
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? https.request : http.request;
    const request = send(url, {
      method,
      headers: { ...headers, ...(payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }) },
      lookup: lookupFor,
      agent: false,
      maxHeaderSize: 16 * 1024,
      ...(signal ? { signal } : {}),
    });
    const timer = setTimeout(() => request.destroy(refused('it did not answer in time')), answerWithinMs);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    request.on('error', (error) => settle(() => reject(error)));
    request.on('response', (answer) => {
      const pieces: Buffer[] = [];
      let size = 0;
      answer.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > largestAnswerBytes) request.destroy(refused('its answer is too large'));
        else pieces.push(piece);
      });
      answer.on('error', (error) => settle(() => reject(error)));
      answer.on('end', () => settle(() => resolve(toResponse(answer, Buffer.concat(pieces)))));
    });
    request.end(payload);
  });
}

function toResponse(answer: http.IncomingMessage, body: Buffer): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const status = answer.statusCode ?? 502;
  const mayHaveBody = status !== 204 && status !== 304 && status >= 200;
  return new Response(mayHaveBody && body.length > 0 ? new Uint8Array(body) : null, { status, headers });
}

export function refused(why: string): AppError {
  return new AppError('identity.issuer-refused', `an address of the issuer was refused: ${why}`);
}
