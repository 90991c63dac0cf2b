// @ts-nocheck: plain Node runs it as a child process, without a build.
/**
 * An upstream with a tool of each effect, on stdio, without any library. When it executes one, and with what, it appends
 * to the journal: that is what the stage believes.
 *
 *   node note-upstream.mjs JOURNAL
 */
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const journal = process.argv[2];
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const inputSchema = { type: 'object', properties: { name: { type: 'string' }, text: { type: 'string' } } };
const tools = [
  { name: 'read_note', description: 'Reads a note.', inputSchema },
  { name: 'create_note', description: 'Creates a note.', inputSchema },
  { name: 'delete_note', description: 'Deletes a note.', inputSchema },
];

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  if (method === 'initialize') {
    const serverInfo = { name: 'office', version: '1' };
    send({ id, result: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo } });
  } else if (method === 'tools/list') {
    send({ id, result: { tools } });
  } else if (method === 'tools/call') {
    const event = `executed ${params.name}`;
    appendFileSync(journal, `${JSON.stringify({ atMs: Date.now(), event, arguments: params.arguments })}\n`);
    send({ id, result: { content: [{ type: 'text', text: `done: ${params.name}` }] } });
  } else {
    send({ id, error: { code: -32601, message: 'Method not found' } });
  }
});
