// @ts-nocheck: plain Node runs it as a child process, without a build.
/**
 * An upstream that costs next to nothing, so that what is measured is what stands in front of it: MCP 2025-11-25 with
 * JSON answers and no sessions.
 *
 *   node echo-upstream.mjs http      prints {"url"} and serves every path; /hung/… takes requests and never answers
 *   node echo-upstream.mjs stdio
 *
 * A path or a last argument `many` makes it list 40 tools in place of three. With `--log FILE` it writes down when which
 * text came for create_note.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

const text = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
const echo = {
  name: 'echo',
  description: 'Says the text again.',
  inputSchema: text,
  annotations: { readOnlyHint: true },
};
const create = { name: 'create_note', description: 'Creates a note.', inputSchema: text };
const read = { ...echo, name: 'read_note', description: 'Reads a note.' };
const few = [echo, read, create];
const many = Array.from({ length: 40 }, (_, index) => ({
  ...echo,
  name: `read_record_${index}`,
  description: `Reads records of kind ${index} and gives them back as text. ${'It does not change anything. '.repeat(4)}`,
}));

const log = process.argv.includes('--log') ? process.argv[process.argv.indexOf('--log') + 1] : undefined;

function writeDown({ name, arguments: { text: given } }) {
  const atMs = performance.timeOrigin + performance.now();
  if (log !== undefined && name === create.name) appendFileSync(log, `${JSON.stringify({ text: given, atMs })}\n`);
}

function resultOf({ method, params }, tools) {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'echo', version: '1.0.0' },
      };
    case 'tools/list':
      return { tools };
    case 'tools/call':
      writeDown(params);
      return { content: [{ type: 'text', text: params.arguments.text }] };
    case 'ping':
      return {};
    default:
      return undefined;
  }
}

function answerTo(message, tools) {
  const result = resultOf(message, tools);
  const ending = result === undefined ? { error: { code: -32601, message: 'Method not found' } } : { result };
  return JSON.stringify({ jsonrpc: '2.0', id: message.id, ...ending });
}

function serveHttp() {
  const httpServer = createServer((incoming, outgoing) => {
    if (incoming.method !== 'POST') return void outgoing.writeHead(405).end();
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      if (incoming.url.startsWith('/hung')) return;
      const message = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      if (message.id === undefined) return void outgoing.writeHead(202).end();
      const body = answerTo(message, incoming.url.startsWith('/many') ? many : few);
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      outgoing.end(body);
    });
  });
  httpServer.keepAliveTimeout = 600_000;
  httpServer.listen(0, '127.0.0.1', () => {
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${httpServer.address().port}/mcp` })}\n`);
  });
}

function serveStdio() {
  const tools = process.argv.includes('many') ? many : few;
  createInterface({ input: process.stdin }).on('line', (line) => {
    const message = JSON.parse(line);
    if (message.id !== undefined) process.stdout.write(`${answerTo(message, tools)}\n`);
  });
}

if (process.argv[2] === 'http') serveHttp();
else serveStdio();
