import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRpcText } from '../../../mcp-bridge/upstream/json-rpc.ts';
import { LineSplitter } from '../../../mcp-bridge/upstream/line-splitter.ts';
import { SseParser } from '../../../mcp-bridge/upstream/sse-events.ts';

function split(chunks: readonly Buffer[], maxMessageBytes = 1_000, maxSkippedBytes = 10_000): unknown[] {
  const heard: unknown[] = [];
  const lines = new LineSplitter(
    { maxMessageBytes, maxSkippedBytes },
    {
      onLine: (line) => heard.push(line),
      onOversized: (edges) => heard.push({ edges }),
      onEndless: () => heard.push('endless'),
    },
  );
  for (const chunk of chunks) lines.push(chunk);
  return heard;
}

/** The bytes in pieces of any size, as a pipe delivers them. */
const pieces = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0, index = 0; start < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    chunks.push(bytes.subarray(start, start + size));
    start += size;
  }
  return chunks;
}

describe('lines', () => {
  test('come out whole however the pipe cuts them, characters of several bytes too', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\n'));
    fc.assert(
      fc.property(fc.array(line), pieces, (lines, sizes) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const expected = lines.map((text) => Buffer.from(text).toString('utf8'));
        expect(split(cut(bytes, sizes), 100_000)).toEqual(expected);
      }),
    );
  });

  test.each([
    ['empty lines are nothing', 'a\n\n\nb\n', ['a', 'b']],
    ['a line without its end waits', 'a\nb', ['a']],
  ])('%s', (_name, text, expected) => expect(split([Buffer.from(text)])).toEqual(expected));

  test('a line beyond the cap is skipped, its edges kept, and the next one read', () => {
    const long = `{"result":"${'x'.repeat(3_000)}","id":7}`;
    const heard = split(cut(Buffer.from(`${long}\nnext\n`), [64]));
    expect(heard).toEqual([{ edges: expect.stringMatching(/^\{"result":"x+ … x+","id":7\}$/) }, 'next']);
  });

  test('a line that never ends is reported', () => {
    expect(split(cut(Buffer.alloc(20_000, 'x'), [500]))).toContain('endless');
  });
});

describe('JSON-RPC', () => {
  test.each([
    ['no JSON', 'nope'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no version', '{"id":1,"result":{}}'],
    ['another version', '{"jsonrpc":"1.0","id":1,"result":{}}'],
    ['a result that is no object', '{"jsonrpc":"2.0","id":1,"result":"x"}'],
    ['nested too deep', `{"jsonrpc":"2.0","id":1,"result":{"x":${'['.repeat(300)}${']'.repeat(300)}}}`],
    ['a question with an id of a thousand letters', `{"jsonrpc":"2.0","id":"${'x'.repeat(1_000)}","method":"ping"}`],
    ['a result without an id', '{"jsonrpc":"2.0","result":{}}'],
  ])('%s is no message', (_name, text) => expect(parseRpcText(text)).toBeUndefined());

  test.each([
    [
      'brackets inside a text are no depth',
      `{"jsonrpc":"2.0","id":1,"result":{"a":"${'['.repeat(600)}"}}`,
      { kind: 'result', id: 1, result: { a: '['.repeat(600) } },
    ],
    ['a result', '{"jsonrpc":"2.0","id":1,"result":{"a":1}}', { kind: 'result', id: 1, result: { a: 1 } }],
    [
      'a request',
      '{"jsonrpc":"2.0","id":"x","method":"ping"}',
      { kind: 'request', id: 'x', method: 'ping', params: {} },
    ],
    [
      'a notification',
      '{"jsonrpc":"2.0","method":"m","params":{"a":1}}',
      { kind: 'notification', method: 'm', params: { a: 1 } },
    ],
    [
      'an error with odd members',
      '{"jsonrpc":"2.0","id":1,"error":{"code":"x","message":5}}',
      { kind: 'error', id: 1, error: { code: -32603, message: '' } },
    ],
  ])('%s', (_name, text, expected) => expect(parseRpcText(text)).toEqual(expected));
});

describe('server-sent events', () => {
  const parse = (text: string, sizes: readonly number[] = [3], maxBytes = 1_000) => {
    const heard: unknown[] = [];
    const parser = new SseParser(maxBytes, {
      onEvent: (data, name) => heard.push(name === '' ? data : [name, data]),
      onId: (id) => heard.push({ id }),
      onRetry: (retryMs) => heard.push({ retryMs }),
      onOversized: () => heard.push('oversized'),
    });
    for (const chunk of cut(Buffer.from(text), sizes)) parser.push(chunk);
    return heard;
  };
  test.each([
    ['one event', 'data: a\n\n', ['a']],
    ['lines of data are joined', 'data: a\ndata: b\n\n', ['a\nb']],
    ['all three ends of a line', 'data: a\r\n\r\ndata: b\r\rdata: c\n\n', ['a', 'b', 'c']],
    [
      'names, ids and times',
      'event: message\nid: 5\nretry: 100\ndata: a\n\n',
      [{ id: '5' }, { retryMs: 100 }, ['message', 'a']],
    ],
    ['comments are nothing', ': hello\n\ndata: a\n\n', ['a']],
    ['no space is needed', 'data:a\n\n', ['a']],
    ['an event without data is nothing', 'id: 1\n\n', [{ id: '1' }]],
    ['an unfinished event waits', 'data: a\n', []],
    ['characters of several bytes', 'data: 😀é\n\n', ['😀é']],
  ])('%s', (_name, text, expected) => {
    for (const sizes of [[1], [2, 5], [1_000]]) expect(parse(text, sizes)).toEqual(expected);
  });

  test('an event beyond the cap is reported', () => {
    expect(parse(`data: ${'x'.repeat(2_000)}`)).toContain('oversized');
    expect(parse(`${'data: xxxxxxxx\n'.repeat(300)}`)).toContain('oversized');
    expect(parse('data:\n'.repeat(2_000)), 'lines of nothing').toContain('oversized');
  });
});
