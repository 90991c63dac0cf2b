/** A server over stdio that answers with an error and no id: its one call ends, of several none is guessed at. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callTool, eventually, startManager, temporaryFolder } from '../support/upstream-fixture.ts';

const script = `
import { createInterface } from 'node:readline';
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize')
    send({ id, result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'n', version: '1' } } });
  else if (method === 'tools/list')
    send({ id, result: { tools: ['refuse', 'wait'].map((name) => ({ name, inputSchema: { type: 'object' } })) } });
  else if (method === 'tools/call') {
    if (params.name === 'refuse') send({ id: null, error: { code: -32600, message: 'Invalid Request' } });
    else setTimeout(() => send({ id, result: { content: [{ type: 'text', text: 'done' }] } }), 600);
  } else if (id !== undefined) send({ id, error: { code: -32601, message: 'Method not found' } });
});
`;

test('AU-09 an error with a null id ends the only call at once, and none of two', async () => {
  const path = join(temporaryFolder(), 'null-ids.mjs');
  writeFileSync(path, script);
  const manager = await startManager({ nulls: { command: process.execPath, args: [path] } });
  expect(await callTool(manager, 'nulls', 'refuse')).toMatchObject({ kind: 'failed', code: -32600 });
  const waits = callTool(manager, 'nulls', 'wait');
  let refused: unknown;
  void callTool(manager, 'nulls', 'refuse').then((outcome) => {
    refused = outcome;
  });
  expect(await waits).toMatchObject({ kind: 'answered' });
  expect(refused).toBeUndefined();
  await manager.close();
  expect(await eventually(() => refused)).toMatchObject({ kind: 'unknown' });
});
