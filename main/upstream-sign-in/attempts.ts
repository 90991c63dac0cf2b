/**
 * One sign-in to a server at a time. A place that does not answer keeps nobody from cancelling; what it still sends is
 * ended when it comes, and until then the next one waits: an OAuth client may have one grant there, so that to end the
 * first would end the second.
 */
export type Attempt = {
  readonly issuer: string;
  readonly signal: AbortSignal;
  /** Resolves when nothing of the one before can come any more. */
  readonly turn: Promise<void>;
  /** It can be signed out of, or begun, again. */
  finish(): void;
  /** Nothing of it can come any more. */
  settle(): void;
};

type Attempts = {
  current(serverId: string): Attempt | undefined;
  /** Undefined: there is one under way. */
  begin(serverId: string, issuer: string): Attempt | undefined;
  cancel(serverId: string): void;
};

export function createAttempts(onChange: () => void): Attempts {
  const underWay = new Map<string, Attempt & { readonly abort: AbortController }>();
  const settled = new Map<string, Promise<void>>();
  return {
    current: (serverId) => underWay.get(serverId),
    begin(serverId, issuer) {
      if (underWay.has(serverId)) return undefined;
      const abort = new AbortController();
      let resolveSettled = () => {};
      const isSettled = new Promise<void>((resolve) => {
        resolveSettled = resolve;
      });
      const attempt = {
        issuer,
        abort,
        signal: abort.signal,
        turn: settled.get(serverId) ?? Promise.resolve(),
        finish() {
          if (underWay.get(serverId) === attempt) underWay.delete(serverId);
          onChange();
        },
        settle() {
          resolveSettled();
          if (settled.get(serverId) === isSettled) settled.delete(serverId);
        },
      };
      abort.signal.addEventListener('abort', attempt.finish, { once: true });
      underWay.set(serverId, attempt);
      settled.set(serverId, isSettled);
      return attempt;
    },
    cancel: (serverId) => underWay.get(serverId)?.abort.abort(),
  };
}
