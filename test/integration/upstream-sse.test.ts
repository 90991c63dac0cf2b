/** Servers that speak only HTTP+SSE of 2024-11-05, on the official SDK's own transport, behind the whole bridge. */
import { describe, expect, test } from 'vitest';
import type { ApprovalAnswer } from '../../mcp-bridge/core/approval/approval-request.ts';
import { connectAi, serveBridge } from '../support/served-bridge.ts';
import { startSseUpstream } from '../support/sse-upstream.ts';
import { callTool, eventually, startManager, textOf } from '../support/upstream-fixture.ts';

describe.each(['initialize', 'stateless'] as const)('an AI client of the %s era', (aiEra) => {
  test('reads, writes when approved, and deletes nothing when denied', async () => {
    const upstream = await startSseUpstream();
    const asked: string[] = [];
    const served = await serveBridge({ it: { url: upstream.url } }, 'dangerously-allow-all', async (request, usual) => {
      const { toolName } = request;
      asked.push(toolName);
      if (toolName !== 'delete_note') return usual(request, new AbortController().signal);
      return { outcome: 'denied', approvalId: request.approvalId, reason: 'No.' } satisfies ApprovalAnswer;
    });
    const ai = await connectAi(aiEra, `${served.url}/it`, served.keys[0]);
    expect(await ai.tools()).toEqual(expect.arrayContaining(['read_note', 'create_note', 'delete_note']));
    expect((await ai.call('read_note')).text).toBe('done: read_note');
    expect((await ai.call('create_note', { name: 'a' })).text).toBe('done: create_note');
    expect(await ai.call('delete_note', { name: 'a' })).toMatchObject({ isError: true });
    expect(asked).toEqual(['create_note', 'delete_note']);
    expect(upstream.executed).toEqual(['read_note', 'create_note']);
    expect([...new Set(upstream.lines)]).toEqual(['POST /sse', 'GET /sse', 'POST /messages']);
  });

  test('hears of progress, is asked where that is allowed, and of a tool that is new', async () => {
    const upstream = await startSseUpstream();
    const served = await serveBridge({ it: { url: upstream.url, type: 'sse', allow: { elicitation: true } } });
    const ai = await connectAi(aiEra, `${served.url}/it`, served.keys[0]);
    const steps: number[] = [];
    await ai.call('read_slowly', {}, { onprogress: ({ progress }) => steps.push(progress) });
    expect(steps).toEqual(expect.arrayContaining([1, 2]));
    expect((await ai.call('read_answer')).text).toContain('"action":"accept"');
    upstream.addTool('read_more');
    await eventually(() => served.bridge.upstreams.status()[0]?.toolsToReview === 1);
    expect(await ai.tools()).not.toContain('read_more');
  });

  test('cancels a call, which the server hears of', async () => {
    const upstream = await startSseUpstream();
    const served = await serveBridge({ it: { url: upstream.url } });
    const ai = await connectAi(aiEra, `${served.url}/it`, served.keys[0]);
    const controller = new AbortController();
    const call = ai.call('read_slowly', {}, { signal: controller.signal });
    await eventually(() => upstream.executed.length > 0);
    controller.abort();
    await expect(call).rejects.toThrow();
    await eventually(() => upstream.cancelled.length > 0);
    const outcomes = () => served.events().filter(({ kind }) => kind === 'call.outcome');
    expect(await eventually(() => outcomes()[0])).toMatchObject({ outcome: 'unknown' });
  });
});

test('a server that ends and comes back is reached again, in a session of its own', async () => {
  const upstream = await startSseUpstream();
  const manager = await startManager({ it: { url: upstream.url } });
  expect(textOf(await callTool(manager, 'it', 'read_note'))).toBe('done: read_note');
  await upstream.stop();
  expect(await callTool(manager, 'it', 'read_note')).toMatchObject({ kind: 'not-sent' });
  await upstream.start();
  await eventually(() => manager.status()[0]?.state === 'ready');
  expect(textOf(await callTool(manager, 'it', 'read_note'))).toBe('done: read_note');
  expect(upstream.executed).toHaveLength(2);
  expect(upstream.streams()).toBe(2);
});

test.each([400, 404, 405])('a server that answers a POST with %i is asked for an event stream', async (postStatus) => {
  const upstream = await startSseUpstream({ postStatus });
  const manager = await startManager({ it: { url: upstream.url, type: 'http' } });
  expect(manager.status()[0]).toMatchObject({ state: 'ready', era: 'initialize', endpoint: upstream.url });
});

test.each([401, 403, 429, 500])('a server that answers a POST with %i is not', async (postStatus) => {
  const upstream = await startSseUpstream({ postStatus });
  const manager = await startManager({ it: { url: upstream.url } });
  expect(manager.status()[0]?.state).not.toBe('ready');
  expect(upstream.lines).not.toContain('GET /sse');
});

test('a server configured as SSE is never tried another way', async () => {
  const upstream = await startSseUpstream();
  const manager = await startManager({ it: { url: upstream.url, type: 'sse' } });
  expect(manager.status()[0]).toMatchObject({ state: 'ready' });
  expect([...new Set(upstream.lines)]).toEqual(['GET /sse', 'POST /messages']);
});

test('a configured credential goes with the stream and with every message', async () => {
  const authorization = 'Bearer of-the-person';
  const upstream = await startSseUpstream({ authorization });
  const manager = await startManager({ it: { url: upstream.url, type: 'sse', headers: { authorization } } });
  expect(textOf(await callTool(manager, 'it', 'read_note'))).toBe('done: read_note');
  expect(new Set(upstream.authorizations)).toEqual(new Set([authorization]));
});

test('a server that wants a sign-in says so on its stream too', async () => {
  const upstream = await startSseUpstream({ authorization: 'Bearer x' });
  const manager = await startManager({ it: { url: upstream.url, type: 'sse' } });
  expect(manager.status()[0]?.lastError).toContain('HTTP 401');
});

test('a token from a sign-in is found wanted, goes with everything, and one that is refused needs the person', async () => {
  const upstream = await startSseUpstream({ authorization: 'Bearer first' });
  let given = 'first';
  const manager = await startManager(
    { it: { url: upstream.url, type: 'sse' } },
    { accessTokens: async () => ({ value: given }) },
  );
  expect(textOf(await callTool(manager, 'it', 'read_note'))).toBe('done: read_note');
  expect(new Set(upstream.authorizations)).toEqual(new Set(['Bearer first']));
  given = 'second';
  await manager.signInChanged('it');
  expect(manager.status()[0]?.state).not.toBe('ready');
  expect(await callTool(manager, 'it', 'read_note')).toMatchObject({ kind: 'not-sent' });
  expect(upstream.executed).toEqual(['read_note']);
});
