import { expect, test } from 'vitest';
import type { JsonObject } from '../../../mcp-bridge/core/model/json.ts';
import type { UpstreamOutcome, UpstreamRequest } from '../../../mcp-bridge/pipeline/ports.ts';
import { fulfilInput } from '../../../mcp-bridge/upstream/fulfil-input.ts';
import { ParkedCalls } from '../../../mcp-bridge/upstream/parked-calls.ts';

const capabilities = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
const request = (more: JsonObject = {}): UpstreamRequest => ({
  serverId: 'it',
  method: 'tools/call',
  params: { name: 'deploy', arguments: { to: 'prod' }, _meta: capabilities, ...more },
  signal: new AbortController().signal,
});

/** An upstream that asks one question and answers with what it was told, or with how it was refused. */
async function askingUpstream({ onUpstreamRequest, signal }: UpstreamRequest): Promise<UpstreamOutcome> {
  try {
    const answer = await onUpstreamRequest?.('elicitation/create', { message: 'Sure?' });
    return { kind: 'answered', result: { told: answer ?? null, aborted: signal.aborted } };
  } catch (error) {
    return { kind: 'answered', result: { refused: (error as Error).message } };
  }
}
const stateOf = (outcome: UpstreamOutcome) =>
  outcome.kind === 'answered' ? (outcome.result['requestState'] as string) : '';

test('a question becomes input_required, the answer goes to the upstream, its result to the caller', async () => {
  const parked = new ParkedCalls();
  const first = await parked.start(request(), 'claude', askingUpstream);
  const retry = request({
    requestState: stateOf(first),
    inputResponses: { 'question-1': { action: 'accept' } },
    // Another progress token or trace id is no other call.
    _meta: { ...capabilities, progressToken: 2 },
  });
  expect(parked.isOurs(retry)).toBe(true);
  const outcome = await parked.resume(retry, 'claude');
  expect(outcome).toEqual({ kind: 'answered', result: { told: { action: 'accept' }, aborted: false } });
});

test('nobody answers: the upstream is refused, the call cancelled, the state worthless', async () => {
  const parked = new ParkedCalls(30);
  let seen: UpstreamOutcome | undefined;
  const first = await parked.start(request(), 'claude', async (sent) => {
    seen = await askingUpstream(sent);
    expect(sent.signal.aborted).toBe(true);
    return seen;
  });
  await new Promise((wake) => setTimeout(wake, 80));
  expect(seen).toEqual({ kind: 'answered', result: { refused: 'Nobody answered in time.' } });
  const late = request({ requestState: stateOf(first), inputResponses: { 'question-1': { action: 'accept' } } });
  expect(await parked.resume(late, 'claude')).toMatchObject({ kind: 'failed', code: -32602 });
});

test('MC-22: an AI client that declared no such capability is not asked', async () => {
  const outcome = await new ParkedCalls().start(request({ _meta: {} }), 'claude', askingUpstream);
  expect(outcome).toEqual({ kind: 'answered', result: { refused: 'The AI client cannot be asked this.' } });
});

test('an upstream’s own state is not taken for ours', () => {
  expect(new ParkedCalls().isOurs(request({ requestState: 'abc.def' }))).toBe(false);
});

test('an upstream that never stops asking is given up', async () => {
  const again: UpstreamOutcome = {
    kind: 'answered',
    result: { resultType: 'input_required', inputRequests: { q: { method: 'elicitation/create', params: {} } } },
  };
  let asked = 0;
  const outcome = await fulfilInput(
    again,
    {},
    () => true,
    async () => {
      asked += 1;
      return {};
    },
    async () => again,
  );
  expect(outcome).toMatchObject({ kind: 'answered', result: { isError: true } });
  expect(asked).toBe(8);
});

test('the upstream’s state comes back to it byte for byte, a key like __proto__ is only a key', async () => {
  const requestState = ' ünïcode\u0000== ';
  const inputRequests = JSON.parse('{"__proto__":{"method":"elicitation/create","params":{}}}') as JsonObject;
  const sent: JsonObject[] = [];
  await fulfilInput(
    { kind: 'answered', result: { resultType: 'input_required', inputRequests, requestState } },
    { name: 'deploy' },
    () => true,
    async () => ({ action: 'decline' }),
    async (params) => {
      sent.push(params);
      return { kind: 'answered', result: {} };
    },
  );
  expect(JSON.stringify(sent)).toBe(
    JSON.stringify([{ name: 'deploy', inputResponses: '', requestState }]).replace(
      '""',
      '{"__proto__":{"action":"decline"}}',
    ),
  );
  expect(({} as { action?: string }).action).toBeUndefined();
});

test('what a parked call tells after the question is told to the retry, under its own token', async () => {
  const parked = new ParkedCalls();
  const heard: unknown[] = [];
  const listening = (name: string, progressToken: string, more: JsonObject = {}): UpstreamRequest => ({
    ...request({ ...more, _meta: { ...capabilities, progressToken } }),
    onNotification: (method, params) => heard.push([name, method, params['progressToken']]),
  });
  const first = await parked.start(listening('first', 'a'), 'claude', async (sent) => {
    const tell = () => {
      sent.onNotification?.('notifications/progress', { progressToken: 'a', progress: 1 });
      sent.onNotification?.('notifications/progress', { progressToken: 7, progress: 1 });
      sent.onNotification?.('notifications/message', { data: 'x' });
    };
    await sent.onUpstreamRequest?.('elicitation/create', { message: 'Sure?' });
    tell();
    return { kind: 'answered', result: {} };
  });
  const answers = { requestState: stateOf(first), inputResponses: { 'question-1': { action: 'accept' } } };
  await parked.resume(listening('retry', 'b', answers), 'claude');
  expect(heard).toEqual([
    ['retry', 'notifications/progress', 'b'],
    ['retry', 'notifications/message', undefined],
  ]);
});

test('an AI client that parks without end pushes out its own calls, not those of another', async () => {
  const parked = new ParkedCalls();
  const mine = await parked.start(request(), 'claude', askingUpstream);
  const [first] = await Promise.all(
    Array.from({ length: 300 }, () => parked.start(request(), 'mallory', askingUpstream)),
  );
  const resume = (outcome: UpstreamOutcome | undefined, mcpClientId: string) => {
    const inputResponses = { 'question-1': { action: 'accept' } };
    const requestState = outcome === undefined ? '' : stateOf(outcome);
    return parked.resume(request({ requestState, inputResponses }), mcpClientId);
  };
  expect(await resume(mine, 'claude')).toMatchObject({ kind: 'answered' });
  expect(await resume(first, 'mallory')).toMatchObject({ kind: 'failed' });
  parked.close();
});
