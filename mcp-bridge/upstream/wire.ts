/**
 * One live connection to an upstream, whatever carries it: a child's pipes or HTTP. A wire moves JSON-RPC messages
 * and knows which request an incoming message belongs to; eras, capabilities and catalogues are for the layers above.
 */
import type { JsonObject } from '../core/model/json.ts';
import type { UpstreamCredential, UpstreamOutcome } from '../pipeline/ports.ts';

export type Exchange = {
  readonly method: string;
  readonly params: JsonObject;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly credential?: UpstreamCredential | undefined;
  /** How the upstream is told that the answer is not wanted any more; `none` during a handshake. */
  readonly cancelBy: 'notification' | 'closing-the-stream' | 'none';
  readonly onNotification?: ((method: string, params: JsonObject) => void) | undefined;
  /** Rejects with UpstreamRequestRefused to answer with an error. */
  readonly onRequest?: ((method: string, params: JsonObject) => Promise<JsonObject>) | undefined;
};

export type Wire = {
  readonly kind: 'stdio' | 'http';
  readonly pid?: number | undefined;
  /** Never rejects. The progress token of `params._meta` is replaced on the wire and restored in notifications. */
  exchange(exchange: Exchange): Promise<UpstreamOutcome>;
  notify(method: string, params: JsonObject, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** HTTP of the initialize era: the stream for what belongs to no request. */
  openServerStream?(headers: Readonly<Record<string, string>>): void;
  /** Idempotent. */
  close(): Promise<void>;
  /** Resolves with the reason, as inert text, when the wire is dead; never rejects. */
  readonly closed: Promise<string>;
};

/** The access token of a server that wants one (MCP authorization): kept in memory, for this server's address only. */
export type WireAuthorization = {
  /** Value of the Authorization header as of now; undefined: send none. */
  header(): string | undefined;
  /** 401 or 403 was answered, with this `WWW-Authenticate`. */
  refused(httpStatus: number, challenge: string | undefined): void;
};

/** What comes without a request that it belongs to. */
export type WireListener = {
  onNotification(method: string, params: JsonObject): void;
  /** Rejects with UpstreamRequestRefused to answer with an error. */
  onRequest(method: string, params: JsonObject): Promise<JsonObject>;
};

export type WireLimits = {
  /** Longest message that is read, bytes (MC-33). */
  readonly maxMessageBytes: number;
  /** Bytes of one unfinished message after which the upstream is considered broken. */
  readonly maxSkippedBytes: number;
  /** Messages a second that answer nothing; beyond it reading pauses until the second is over (MC-40). */
  readonly maxUnsolicitedPerSecond: number;
  /** Requests of the upstream that are being answered at one time. */
  readonly maxUpstreamRequests: number;
};

export const DEFAULT_WIRE_LIMITS: WireLimits = {
  maxMessageBytes: 16 * 1024 * 1024,
  maxSkippedBytes: 256 * 1024 * 1024,
  maxUnsolicitedPerSecond: 2_000,
  maxUpstreamRequests: 32,
};

/** The params as they go out, with the wire's own progress token in place of the caller's. */
export function withProgressToken(params: JsonObject, progressToken: number): JsonObject {
  const meta = params['_meta'] as JsonObject | undefined;
  return meta?.['progressToken'] === undefined ? params : { ...params, _meta: { ...meta, progressToken } };
}

/** The notification as the caller of `exchange` gets it, with its own token again. */
export function withCallersToken(notificationParams: JsonObject, callParams: JsonObject): JsonObject {
  const progressToken = (callParams['_meta'] as JsonObject | undefined)?.['progressToken'];
  return progressToken === undefined ? notificationParams : { ...notificationParams, progressToken };
}
