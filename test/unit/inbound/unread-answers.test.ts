import { describe, expect, test } from 'vitest';
import { createUnreadAnswers } from '../../../mcp-bridge/inbound/unread-answers.ts';

function writer(bytes: number) {
  const listeners: (() => void)[] = [];
  return {
    writableLength: bytes,
    destroyed: false,
    destroy() {
      this.destroyed = true;
      for (const listener of listeners) listener();
    },
    once: (_event: 'close', listener: () => void) => listeners.push(listener),
  };
}

describe('LO-11 bytes that one AI client leaves unread', () => {
  const most = 100;

  test.each([
    ['within the limit nothing ends', [40, 40, 20], [false, false, false]],
    ['beyond it what has been behind the longest ends', [40, 40, 21], [true, false, false]],
    ['as many as it takes', [10, 10, 100], [true, true, false]],
    ['one answer that is larger than the limit stays, alone', [10, 500], [true, false]],
    ['and goes when another is behind it', [500, 10], [true, false]],
  ])('%s', (_name, sizes, ended) => {
    const unread = createUnreadAnswers(most);
    const writers = sizes.map(writer);
    for (const each of writers) unread.wrote('a', each);
    expect(writers.map(({ destroyed }) => destroyed)).toEqual(ended);
  });

  test('what was read, or has ended, counts no more', () => {
    const unread = createUnreadAnswers(most);
    const [read, gone, last] = [writer(90), writer(10), writer(100)];
    unread.wrote('a', read);
    unread.wrote('a', gone);
    read.writableLength = 0;
    gone.destroy();
    unread.wrote('a', last);
    expect([read.destroyed, last.destroyed]).toEqual([false, false]);
  });

  test('who caught up is the last to be behind again', () => {
    const unread = createUnreadAnswers(most);
    const [first, second] = [writer(60), writer(30)];
    unread.wrote('a', first);
    unread.wrote('a', second);
    first.writableLength = 0;
    unread.wrote('a', first);
    first.writableLength = 80;
    unread.wrote('a', first);
    expect([first.destroyed, second.destroyed]).toEqual([false, true]);
  });

  test('another AI client is not touched', () => {
    const unread = createUnreadAnswers(most);
    const [own, theirs] = [writer(90), writer(90)];
    unread.wrote('a', own);
    unread.wrote('b', theirs);
    expect([own.destroyed, theirs.destroyed]).toEqual([false, false]);
  });
});
