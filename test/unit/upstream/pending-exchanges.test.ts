import { expect, test } from 'vitest';
import type { UpstreamOutcome } from '../../../mcp-bridge/pipeline/ports.ts';
import { PendingExchanges } from '../../../mcp-bridge/upstream/pending-exchanges.ts';
import type { Exchange } from '../../../mcp-bridge/upstream/wire.ts';

const failed: UpstreamOutcome = { kind: 'failed', code: -32600, message: 'Invalid Request' };
const answered: UpstreamOutcome = { kind: 'answered', result: {} };

test.each<[string, (pending: PendingExchanges, open: (method?: string) => number) => void, readonly number[]]>([
  ['is of the one call that is open', (_pending, open) => void open(), [1]],
  [
    'is of nobody where two are open',
    (_pending, open) => {
      open();
      open();
    },
    [],
  ],
  [
    'is of nobody beside a subscription, which it may be of as well',
    (_pending, open) => {
      open('subscriptions/listen');
      open();
    },
    [],
  ],
  [
    'is of the one that is left when the other was answered',
    (pending, open) => {
      pending.settle(open(), answered);
      open();
    },
    [2],
  ],
  [
    'is of nobody while one that was given up may still be answered',
    (pending, open) => {
      pending.close(open());
      open();
    },
    [],
  ],
  [
    'is of the one that is open when what was given up was answered late',
    (pending, open) => {
      const givenUp = open();
      pending.close(givenUp);
      open();
      pending.settle(givenUp, answered);
    },
    [2],
  ],
  ['is of nobody where none is open', () => {}, []],
])('AU-09 an error without an id %s', (_name, arrange, expected) => {
  const pending = new PendingExchanges();
  const ended: number[] = [];
  arrange(pending, (method = 'tools/call') => {
    const id = pending.nextId();
    pending.open(id, { method } as Exchange, (outcome) => {
      if (outcome === failed) ended.push(id);
      pending.close(id);
    });
    return id;
  });
  pending.settleWithoutId(failed);
  pending.settleWithoutId(failed);
  expect(ended).toEqual(expected);
});
