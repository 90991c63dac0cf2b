import { expect, test, vi } from 'vitest';
import { HttpResponse } from '../../../mcp-bridge/upstream/http-response.ts';

const source = () => ({ resume: vi.fn(), destroy: vi.fn() });
const bytes = (...texts: readonly string[]) => texts.map((text) => Buffer.from(text));

function reading(response: HttpResponse): string[] {
  const heard: string[] = [];
  response.read({
    onData: (chunk) => heard.push(chunk.toString()),
    onEnd: () => heard.push('(end)'),
    onBroken: () => heard.push('(broken)'),
  });
  return heard;
}

test('a body is read from its first byte on, whenever its reader comes', () => {
  const response = new HttpResponse(200, [], source());
  response.take(Buffer.from('a'));
  response.take(Buffer.from('b'));
  const heard = reading(response);
  response.take(Buffer.from('c'));
  response.finish('whole');
  expect(heard).toEqual(['a', 'b', 'c', '(end)']);
});

test.each([
  ['whole', '(end)'],
  ['broken', '(broken)'],
] as const)('an end that came before the reader is told to it once: %s', (end, heard) => {
  const response = new HttpResponse(200, [], source());
  response.finish(end);
  response.finish('broken');
  expect(reading(response)).toEqual([heard]);
});

test('header names count without their case, and repeated ones are joined', () => {
  const response = new HttpResponse(401, bytes('WWW-Authenticate', 'A', 'x', '1', 'www-authenticate', 'B'), source());
  expect(response.header('www-authenticate')).toBe('A, B');
  expect(response.header('content-type')).toBeUndefined();
});

test('a paused body is held back until it is resumed', () => {
  const from = source();
  const response = new HttpResponse(200, [], from);
  reading(response);
  response.pause();
  expect(response.take(Buffer.from('a'))).toBe(false);
  response.resume();
  expect(from.resume).toHaveBeenCalledOnce();
  expect(response.take(Buffer.from('b'))).toBe(true);
});

test('what is over is not ended again', () => {
  const from = source();
  const response = new HttpResponse(200, [], from);
  response.finish('whole');
  response.destroy();
  expect(from.destroy).not.toHaveBeenCalled();
});
