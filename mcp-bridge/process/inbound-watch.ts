/**
 * What the way in reports, for the audit log and for the person: wrong keys, and requests that could not be served.
 *
 * SECURITY(LO-06): who guesses must leave a trace and must not be able to fill the disk with it. The first try is recorded
 * at once, those that follow once a minute, as their number. What cannot be recorded is counted until it can be.
 */
import type { AuditEvent } from '../core/audit/record.ts';
import type { InboundEvent } from '../inbound/serving.ts';
import type { ClockPort } from '../pipeline/ports.ts';

export type WrongKeys = {
  /** Since the bridge started. */
  readonly tries: number;
  /** ISO 8601. */
  readonly lastAt: string;
};

export type InboundWatch = {
  log(event: InboundEvent): void;
  /** undefined where there was none. */
  wrongKeys(): WrongKeys | undefined;
  /** Records what was not yet; the last chance before the ledger closes. */
  close(): void;
};

const recordEveryMs = 60_000;

export function createInboundWatch(deps: {
  readonly append: (event: AuditEvent) => void;
  readonly clock: Pick<ClockPort, 'nowMs'>;
  /** There is something new to show; as seldom as a record. */
  readonly onChange: () => void;
}): InboundWatch {
  const { append, clock, onChange } = deps;
  let wrongKeys: WrongKeys | undefined;
  let failure = '';
  const keyRecords = atMostOnceAMinute((tries) => append({ kind: 'inbound.wrong-keys', tries }), onChange);
  const failureRecords = atMostOnceAMinute(
    (times) => append({ kind: 'inbound.failed', times, what: failure }),
    onChange,
  );
  return {
    log(event) {
      switch (event.kind) {
        case 'wrong-key':
          wrongKeys = { tries: (wrongKeys?.tries ?? 0) + 1, lastAt: new Date(clock.nowMs()).toISOString() };
          keyRecords.count();
          break;
        case 'failed':
          failure = event.message;
          failureRecords.count();
          break;
        case 'refused': // told to the caller, and nothing that anybody could gain by
      }
    },
    wrongKeys: () => wrongKeys,
    close() {
      keyRecords.close();
      failureRecords.close();
    },
  };
}

function atMostOnceAMinute(record: (count: number) => void, onRecord: () => void): { count(): void; close(): void } {
  let uncounted = 0;
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    try {
      record(uncounted);
      uncounted = 0;
    } catch {
      // A full disk: whoever is refused stays refused, and the number is kept for the next minute.
    }
    onRecord();
  };
  const writeThenWait = (): void => {
    write();
    timer = setTimeout(() => {
      timer = undefined;
      if (uncounted > 0) writeThenWait();
    }, recordEveryMs);
    timer.unref();
  };
  return {
    count() {
      uncounted += 1;
      if (timer === undefined) writeThenWait();
    },
    close() {
      clearTimeout(timer);
      if (uncounted > 0) write();
    },
  };
}
