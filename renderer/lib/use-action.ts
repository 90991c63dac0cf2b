import { useCallback, useRef, useState } from 'react';
import type { Failure, Reply } from './surface.ts';

export type Action<Arguments extends readonly unknown[], Value> = {
  readonly run: (...given: Arguments) => Promise<Value | undefined>;
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  readonly clear: () => void;
};

/** One request to main at a time: busy while it runs, its failure as a value, `undefined` when it failed. */
export function useAction<Arguments extends readonly unknown[], Value>(
  perform: (...given: Arguments) => Promise<Reply<Value>>,
): Action<Arguments, Value> {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const latest = useRef(perform);
  latest.current = perform;

  const run = useCallback(async (...given: Arguments) => {
    setBusy(true);
    setFailure(undefined);
    const reply = await latest
      .current(...given)
      .catch((): Failure => ({ ok: false, code: 'ipc.failed', message: 'Countersign did not answer. Try again.' }));
    setBusy(false);
    if (reply.ok) return reply.value;
    setFailure(reply);
    return undefined;
  }, []);
  const clear = useCallback(() => setFailure(undefined), []);
  return { run, busy, failure, clear };
}
