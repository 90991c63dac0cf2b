/** A call of very many small parts must not hold the thread that serves everybody. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { greetTool, startScriptedHttp } from '../support/scripted-http.ts';
import { connectAi, serveBridge } from '../support/served-bridge.ts';

const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));

test.each([
  ['200,000 names', named(200_000), /more than 50,000 names of members/],
  ['a million values', { list: Array(1_000_000).fill(0) }, /more than 250,000 values/],
])('LO-12 MC-16 a call with %s is refused at once, and says why', async (_name, toolArguments, sentence) => {
  const upstream = await startScriptedHttp({ tools: [greetTool] });
  const served = await serveBridge({ notes: { type: 'http', url: upstream.url } });
  const ai = await connectAi('initialize', served.url, served.keys[0]);
  await ai.call('notes__greet');
  const answer = await ai.call('notes__greet', toolArguments);
  expect([answer.isError, answer.text]).toEqual([true, expect.stringMatching(sentence)]);
  expect(upstream.executed()).toHaveLength(1);
});

test('LO-12 a call with as many names as may be is sent whole', async () => {
  const seen: string[] = [];
  const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
  const upstream = await startScriptedHttp({
    tools: [greetTool],
    on: {
      'tools/call': ({ params }) => {
        seen.push(digest(Object.entries(params['arguments'] as object).sort(([, one], [, two]) => one - two)));
        return { content: [] };
      },
    },
  });
  const served = await serveBridge({ notes: { type: 'http', url: upstream.url } });
  const ai = await connectAi('initialize', served.url, served.keys[0]);
  const toolArguments = named(49_000);
  expect(await ai.call('notes__greet', toolArguments)).toMatchObject({ isError: false });
  expect(seen).toEqual([digest(Object.entries(toolArguments))]);
});
