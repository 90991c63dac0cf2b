/** What one AI client may have open at once, and how large and slow a message may be. Beyond it: refused at once. */
export type InboundLimits = {
  readonly bodyBytes: number;
  readonly jsonDepth: number;
  readonly sessionsPerClient: number;
  /** Above the 200 approvals that may wait, so that reads still flow while they do. */
  readonly callsPerClient: number;
  readonly streamsPerClient: number;
  readonly socketConnectionsPerClient: number;
  /** A stream whose reader has fallen this far behind is closed. */
  readonly unreadBytes: number;
  /** Of all that one AI client has open; beyond it what has been behind the longest is closed (LO-11). */
  readonly unreadBytesPerClient: number;
  /** An answer of which nothing was taken for so long is given up (LO-11). */
  readonly stalledMs: number;
  /** Time for the headers, and for the whole request, to arrive (LO-11). */
  readonly headersMs: number;
  readonly requestMs: number;
  /** Time for the proof on the socket. */
  readonly proofMs: number;
  readonly keepAliveMs: number;
};

export const defaultInboundLimits: InboundLimits = {
  bodyBytes: 4 * 1024 * 1024,
  jsonDepth: 64,
  sessionsPerClient: 64,
  callsPerClient: 400,
  streamsPerClient: 64,
  socketConnectionsPerClient: 64,
  unreadBytes: 16 * 1024 * 1024,
  unreadBytesPerClient: 64 * 1024 * 1024,
  stalledMs: 30_000,
  headersMs: 10_000,
  requestMs: 30_000,
  proofMs: 5_000,
  keepAliveMs: 15_000,
};
