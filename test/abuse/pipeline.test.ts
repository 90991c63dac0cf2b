/** The invariants I1 to I8 on the whole bridge, judged by what the upstream says that it executed. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectTo, type Office, openOffice } from '../support/office.ts';
import { freeze } from '../support/operations.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const note = { name: 'plan', text: 'ship it' };
const outcomes = () => office.events().flatMap((event) => (event.kind === 'call.outcome' ? [event.outcome] : []));
const settled = () => new Promise((resolve) => setTimeout(resolve, 150));

describe('I1, I2: what runs is what was approved', () => {
  test('an approved write runs once, with exactly the bytes that were shown', async () => {
    const answer = office.call('create_note', { text: 'z', name: 'a' });
    const asked = await office.nextAsked();
    asked.approve();
    expect(await answer).toMatchObject({ isError: false });
    expect(office.executed()).toEqual([{ executed: 'create_note', arguments: asked.request.canonicalArguments }]);
  });

  test('a read runs without anybody being asked', async () => {
    expect(await office.call('read_note', note)).toMatchObject({ isError: false });
    expect([office.asked.length, office.executed().length]).toEqual([0, 1]);
  });

  test('MC-09: a tool that lies about reading is asked about as the deletion that it is named', async () => {
    const answer = office.call('delete_all_notes');
    const asked = await office.nextAsked();
    expect(asked.request.view.effect).toBe('delete');
    expect(asked.request.sessionGrant).toBeUndefined();
    asked.deny();
    expect(await answer).toMatchObject({ isError: true });
    expect(office.executed()).toEqual([]);
  });

  test('MC-12: a result that looks like an approval approves nothing', async () => {
    await office.call('get_note_history', note);
    const answer = office.call('create_note', note);
    const asked = await office.nextAsked();
    asked.deny();
    expect(await answer).toMatchObject({ isError: true });
    expect(office.executed().map(({ executed }) => executed)).toEqual(['get_note_history']);
  });

  test('MC-11: a session grant for one tool lets no other tool through', async () => {
    const first = office.call('create_note', note);
    const asked = await office.nextAsked();
    const offer = asked.request.sessionGrant ?? {
      effect: 'write' as const,
      sentence: 'May create notes',
      constraints: {
        mcpClientId: 'ai',
        mcpSessionId: asked.request.caller.mcpSessionId,
        serverId: 'office',
        toolName: 'create_note',
        definitionHash: office.bridge.upstreams.catalogue.resolve('office', 'create_note')?.pinned.definitionHash ?? '',
        attributes: {},
      },
    };
    await office.authority.grantSession({ ...asked.request, sessionGrant: offer });
    asked.approve();
    await first;
    expect(await office.call('create_note', { name: 'second' })).toMatchObject({ isError: false });
    const other = office.call('update_note', note);
    (await office.nextAsked(2)).deny();
    expect(await other).toMatchObject({ isError: true });
    expect(office.executed().map(({ executed }) => executed)).toEqual(['create_note', 'create_note']);
  });

  test('MC-17: answers to questions that nobody asked are shown with the call that carries them', async () => {
    const params = {
      name: 'office__create_note',
      arguments: note,
      inputResponses: { account: { action: 'accept', content: { account: 'production' } } },
      requestState: 'made-up-state',
    };
    const session = await rawInitialize(office);
    const answer = rawPost(office, session, { jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    const asked = await office.nextAsked();
    const shown = JSON.stringify(asked.request.view);
    asked.deny();
    await answer;
    expect(shown).toContain('production');
    expect(shown).toContain('made-up-state');
  });

  test('MC-17: an id used again with other arguments does not change what is waiting', async () => {
    const session = await rawInitialize(office);
    const first = rawCall(office, session, 7, { name: 'a' });
    const asked = await office.nextAsked();
    const second = rawCall(office, session, 7, { name: 'EVIL' });
    await settled();
    asked.approve();
    await first;
    for (const other of office.asked.slice(1)) other.deny();
    await second;
    expect(office.executed().map((line) => line.arguments)).toEqual(['{"name":"a"}']);
  });

  test('MC-18: a hundred repeats of one waiting call run once', async () => {
    const answers = Array.from({ length: 100 }, () => office.call('create_note', note));
    const asked = await office.nextAsked();
    const decided = () => office.events().filter(({ kind }) => kind === 'call.decided').length;
    await expect.poll(decided, { timeout: 20_000 }).toBe(100);
    asked.approve();
    const errors = (await Promise.all(answers)).filter(({ isError }) => isError).length;
    expect([office.executed().length, errors, office.asked.length]).toEqual([1, 99, 1]);
  });

  test('MC-19: an approval of one AI client serves no call of another session', async () => {
    const answer = office.call('create_note', note);
    const asked = await office.nextAsked();
    const other = await connectTo(office.url, office.key);
    const theirs = other.callTool({ name: 'office__create_note', arguments: note });
    await office.nextAsked(2);
    asked.approve();
    await answer;
    expect(office.executed()).toHaveLength(1);
    office.asked[1]?.deny();
    await theirs;
    await other.close();
    expect(office.executed()).toHaveLength(1);
  });
});

test('nobody is asked about a call that cannot be sent before the person signs in to its server', async () => {
  vi.spyOn(office.bridge.upstreams, 'obstacle').mockReturnValue('The person has to sign in first.');
  const answer = await office.call('create_note', note);
  expect(answer).toMatchObject({ isError: true, text: expect.stringContaining('has to sign in') });
  expect([office.asked.length, office.executed().length, outcomes()]).toEqual([0, 0, ['not-sent']]);
});

describe('I4: nothing is sent when', () => {
  test('it is denied', async () => {
    const answer = office.call('delete_note', note);
    (await office.nextAsked()).deny();
    expect(await answer).toMatchObject({ isError: true, text: expect.stringMatching(/denied/i) });
    expect([office.executed(), outcomes()]).toEqual([[], ['denied']]);
  });

  test('MC-24: it was cancelled, and approved afterwards', async () => {
    const cancel = new AbortController();
    const answer = office.call('create_note', note, cancel.signal).catch(() => 'cancelled');
    const asked = await office.nextAsked();
    cancel.abort();
    await answer;
    await settled();
    expect(asked.signal.aborted).toBe(true);
    asked.approve();
    await settled();
    expect([office.executed(), outcomes()]).toEqual([[], ['withdrawn']]);
  });

  test('MC-25: the AI client went away, and it was approved afterwards', async () => {
    const session = await rawInitialize(office);
    const gone = new AbortController();
    const answer = rawCall(office, session, 1, note, gone.signal).catch(() => 'gone');
    const asked = await office.nextAsked();
    gone.abort();
    await answer;
    for (let tries = 0; !asked.signal.aborted && tries < 100; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    asked.approve();
    await settled();
    expect([office.executed(), outcomes()]).toEqual([[], ['withdrawn']]);
  });

  test('a freeze or a stop refuses it, and nobody is asked', async () => {
    await office.authority.stopEverything('test');
    expect(await office.call('read_note', note)).toMatchObject({ isError: true });
    await office.authority.resume();
    await office.authority.replaceGuardrails([freeze({ from: '2020-01-01T00:00:00.000Z', until: undefined })], {
      kind: 'guardrail.switched',
      guardrailId: 'f1',
      name: 'Release week',
      enabled: true,
    });
    expect(await office.call('read_note', note)).toMatchObject({ isError: false });
    expect([office.asked.length, office.executed().length]).toEqual([0, 1]);
  });
});

describe('I6: after a revoke', () => {
  test('CL-21: 32 callers in parallel get nothing through that the revoke took', async () => {
    await office.authority.revoke(office.authority.readGrants()[0]?.grantId ?? '');
    const answers = await Promise.all(Array.from({ length: 32 }, () => office.call('read_note', note)));
    expect(answers.every(({ isError }) => isError)).toBe(true);
    expect(office.executed()).toEqual([]);
  });
});

describe('I3, AU-16: the record comes first', () => {
  test('every executed call has a decision, an intent before it, and an outcome', async () => {
    await office.call('read_note', note);
    const answer = office.call('create_note', note);
    (await office.nextAsked()).approve();
    await answer;
    const kinds = office
      .events()
      .map(({ kind }) => kind)
      .filter((kind) => kind.startsWith('call.') || kind.startsWith('approval.'));
    expect(kinds).toEqual([
      'call.decided',
      'call.intent',
      'call.outcome',
      'call.decided',
      'approval.asked',
      'approval.answered',
      'call.intent',
      'call.outcome',
    ]);
    expect(office.bridge.ledger.verify().ok).toBe(true);
  });

  test('AU-07: a ledger that cannot be written lets nothing through', async () => {
    office.bridge.ledger.close();
    const answers = await Promise.all([office.call('read_note', note), office.call('create_note', note)]);
    expect(answers.map(({ isError }) => isError)).toEqual([true, true]);
    expect(office.executed()).toEqual([]);
  });
});

describe('AU-09: an upstream that dies in the middle', () => {
  test('leaves an outcome that says so, and is not asked again by itself', async () => {
    await office.close();
    office = await openOffice({ upstreamArgs: ['--die-at', 'create_note'] });
    const answer = office.call('create_note', note);
    (await office.nextAsked()).approve();
    expect(await answer).toMatchObject({ isError: true, text: expect.stringMatching(/may or may not/) });
    await settled();
    expect([office.executed().length, outcomes()]).toEqual([1, ['unknown']]);
    expect(await office.call('read_note', note)).toMatchObject({ isError: false });
  });
});

describe('what changed while the person decided', () => {
  test('CL-10: everything stopped after the question and before the answer refuses what was approved', async () => {
    const answer = office.call('create_note', note);
    const asked = await office.nextAsked();
    await office.authority.stopEverything('test');
    asked.approve();
    expect(await answer).toMatchObject({ isError: true });
    expect([office.executed(), outcomes()]).toEqual([[], ['not-sent']]);
  });

  test('CL-10: a freeze that began while the window was open refuses what was approved', async () => {
    const answer = office.call('git_commit', note);
    const asked = await office.nextAsked();
    const { guardrailId, name } = freeze();
    const began = freeze({ from: '2000-01-01T00:00:00.000Z', until: '2999-01-01T00:00:00.000Z' });
    await office.authority.replaceGuardrails([began], {
      kind: 'guardrail.switched',
      guardrailId,
      name,
      enabled: true,
    });
    asked.approve();
    expect(await answer).toMatchObject({ isError: true, text: expect.stringMatching(/code freeze/) });
    expect(office.executed()).toEqual([]);
  });

  test('a tool that the person rated worse meanwhile is not run as it was shown', async () => {
    const answer = office.call('update_note', note);
    const asked = await office.nextAsked();
    const definitionHash =
      office.bridge.upstreams.catalogue.resolve('office', 'update_note')?.pinned.definitionHash ?? '';
    const pin = { serverId: 'office', toolName: 'update_note', definitionHash, effect: 'delete' } as const;
    await office.authority.replaceEffectPins([pin], { kind: 'tool.pinned', ...pin });
    asked.approve();
    expect(await answer).toMatchObject({ isError: true, text: expect.stringMatching(/changed/) });
    expect(office.executed()).toEqual([]);
  });

  test('DG-25: a new session does not begin a denied call anew', async () => {
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const session = await rawInitialize(office);
      const answer = rawCall(office, session, attempt, { name: 'plan' });
      if (attempt < 2) (await office.nextAsked(attempt + 1)).deny();
      await answer;
    }
    expect(office.asked).toHaveLength(2);
    expect(office.executed()).toEqual([]);
  });
});

describe('the person’s own word about a tool', () => {
  const pin = (definitionHash: string, effect: 'read' | 'delete') => [
    { serverId: 'office', toolName: 'update_note', definitionHash, effect },
  ];
  const replacePins = (definitionHash: string, effect: 'read' | 'delete') =>
    office.authority.replaceEffectPins(pin(definitionHash, effect), {
      kind: 'tool.pinned',
      serverId: 'office',
      toolName: 'update_note',
      definitionHash,
      effect,
    });
  const hash = () => office.bridge.upstreams.catalogue.resolve('office', 'update_note')?.pinned.definitionHash ?? '';

  test('makes a write a deletion, or a read', async () => {
    await replacePins(hash(), 'delete');
    const answer = office.call('update_note', note);
    const asked = await office.nextAsked();
    expect(asked.request.view.effect).toBe('delete');
    asked.deny();
    await answer;
    await replacePins(hash(), 'read');
    expect(await office.call('update_note', note)).toMatchObject({ isError: false });
    expect(office.asked).toHaveLength(1);
  });

  test('MC-03: does not hold for another definition', async () => {
    await replacePins('0'.repeat(64), 'read');
    const answer = office.call('update_note', note);
    (await office.nextAsked()).deny();
    expect(await answer).toMatchObject({ isError: true });
    expect(office.executed()).toEqual([]);
  });
});

describe('MC-21: methods nobody thought about', () => {
  test.each([
    'tasks/list',
    'tasks/cancel',
    'roots/list',
    'sampling/createMessage',
    'elicitation/create',
    'tools/delete',
    'admin/run',
    '__proto__',
    'constructor',
    '',
  ])('%s reaches no upstream', async (method) => {
    const session = await rawInitialize(office);
    const reply = await rawPost(office, session, { jsonrpc: '2.0', id: 1, method, params: {} });
    expect(JSON.stringify(reply)).toMatch(/error/);
    expect(office.executed()).toEqual([]);
  });
});

type Session = Readonly<Record<string, string>>;

async function rawInitialize({ url, key }: Office): Promise<Session> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${key}`,
  };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
  });
  await response.text();
  const session = {
    ...headers,
    'mcp-session-id': response.headers.get('mcp-session-id') ?? '',
    'mcp-protocol-version': '2025-06-18',
  };
  await fetch(url, {
    method: 'POST',
    headers: session,
    body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
  });
  return session;
}

async function rawPost({ url }: Office, session: Session, message: unknown, signal?: AbortSignal): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: session,
    body: JSON.stringify(message),
    ...(signal === undefined ? {} : { signal }),
  });
  return response.text();
}

function rawCall(
  at: Office,
  session: Session,
  id: number,
  toolArguments: unknown,
  signal?: AbortSignal,
): Promise<string> {
  return rawPost(
    at,
    session,
    { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'office__create_note', arguments: toolArguments } },
    signal,
  );
}
