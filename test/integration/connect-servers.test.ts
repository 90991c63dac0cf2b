/** Servers per AI client, on the whole bridge: what is not offered does not exist for it. */
import { createHash } from 'node:crypto';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectTo, type Office, openOffice } from '../support/office.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const note = { name: 'plan', text: 'ship it' };
const offer = (serverIds?: readonly string[]): void =>
  office.bridge.replaceMcpClients([
    {
      mcpClientId: 'ai',
      name: 'AI',
      keyHash: createHash('sha256').update(office.key).digest('hex'),
      ...(serverIds === undefined ? {} : { serverIds: [...serverIds] }),
    },
  ]);
const toolNames = async (): Promise<readonly string[]> =>
  (await office.mcpClient.listTools()).tools.map(({ name }) => name);

test.each([
  ['none', []],
  ['another', ['elsewhere']],
])('offered %s: a tool of a hidden server is unknown, in no list, and nothing is sent', async (_name, serverIds) => {
  expect(await toolNames()).toContain('office__create_note');
  offer(serverIds);
  expect((await toolNames()).filter((name) => !name.startsWith('countersign__'))).toEqual([]);
  for (const name of ['create_note', 'read_note'])
    await expect(office.call(name, note)).rejects.toThrow('Unknown tool.');
  await expect(office.call('no_such_tool', note)).rejects.toThrow('Unknown tool.');
  expect((await office.mcpClient.listResources().catch(() => ({ resources: [] }))).resources).toEqual([]);
  expect([office.executed(), office.asked]).toEqual([[], []]);
});

test('the address of a hidden server is the address of none', async () => {
  offer(['elsewhere']);
  const answers = await Promise.all(
    ['office', 'nowhere'].map((serverId) =>
      fetch(`${office.url}/${serverId}`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${office.key}`,
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'initialize',
          params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
        }),
      }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([404, 404]);
});

test('no permission for a hidden server can be asked for', async () => {
  offer([]);
  const detail = { type: 'countersign_tool', server: 'office', tool: 'create_note' };
  const answer = await office.mcpClient.callTool({
    name: 'countersign__request_permissions',
    arguments: { authorization_details: [detail] },
  });
  expect([answer['isError'], office.asked]).toEqual([true, []]);
});

test('I4, I6: what waits for a person when the server is taken away is withdrawn, and a late approval sends nothing', async () => {
  const answer = office.call('create_note', note).catch((error: Error) => ({ isError: true, text: error.message }));
  const asked = await office.nextAsked();
  offer([]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(asked.signal.aborted).toBe(true);
  asked.approve();
  const again = await connectTo(office.url, office.key);
  await expect(again.callTool({ name: 'office__create_note', arguments: note })).rejects.toThrow('Unknown tool.');
  await again.close();
  expect(office.executed()).toEqual([]);
  await office.mcpClient.close();
  expect(await answer).toMatchObject({ isError: true });
});

test('a server that is offered again is told and works', async () => {
  offer([]);
  const again = await connectTo(office.url, office.key);
  const told = new Promise<void>((resolve) =>
    again.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve()),
  );
  await new Promise((resolve) => setTimeout(resolve, 300)); // until its stream for news is open
  offer(['office']);
  await told;
  const answer = await again.callTool({ name: 'office__read_note', arguments: note });
  expect(answer['isError'] ?? false).toBe(false);
  await again.close();
});
