/**
 * Bytes that were answered and not taken yet, summed over all that one AI client has open (LO-11): a limit for each stream
 * alone lets hundreds of them fill the memory of everyone.
 *
 * Beyond the limit what has been behind the longest is ended, so that who reads goes on. What was written last stays
 * however large it is: a single answer may be larger than any limit, and its reader has had no time to take it.
 */
export type AnswerWriter = {
  /** Bytes that the system has not taken yet; 0 for one that is not behind. */
  readonly writableLength: number;
  readonly destroyed: boolean;
  destroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
};

export type UnreadAnswers = {
  /** To be called after each write. */
  wrote(mcpClientId: string, writer: AnswerWriter): void;
};

export function createUnreadAnswers(mostBytesPerClient: number): UnreadAnswers {
  /** Of each AI client those that are behind, the longest first. */
  const behind = new Map<string, Set<AnswerWriter>>();

  /** A stream may be behind and catch up a thousand times: one listener is enough. */
  const watched = new WeakSet<AnswerWriter>();

  const forget = (mcpClientId: string, writer: AnswerWriter): void => {
    const ofClient = behind.get(mcpClientId);
    if (ofClient?.delete(writer) && ofClient.size === 0) behind.delete(mcpClientId);
  };

  return {
    wrote(mcpClientId, writer) {
      if (writer.writableLength === 0) return forget(mcpClientId, writer);
      const ofClient = behind.get(mcpClientId) ?? new Set();
      behind.set(mcpClientId, ofClient);
      ofClient.add(writer);
      if (!watched.has(writer)) {
        watched.add(writer);
        writer.once('close', () => forget(mcpClientId, writer));
      }
      let bytes = 0;
      for (const other of ofClient) {
        if (other.destroyed || other.writableLength === 0) ofClient.delete(other);
        else bytes += other.writableLength;
      }
      for (const oldest of ofClient) {
        if (bytes <= mostBytesPerClient) break;
        if (oldest === writer) continue;
        bytes -= oldest.writableLength;
        ofClient.delete(oldest);
        oldest.destroy();
      }
    },
  };
}
