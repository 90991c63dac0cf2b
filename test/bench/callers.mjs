/**
 * Callers of one target each, as bare as can be: what a client library costs is the same for all and would only blur
 * the differences. Each opens what its transport needs, then makes one call at a time.
 *
 * @typedef {{ call(tool: string, text: string): Promise<void>, ask(method: string, params: object): Promise<any>, close(): void }} Caller
 */
import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { track } from './programs.mjs';

const hello = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'countersign-bench', version: '1.0.0' },
};

/** @param {any} answer @param {string} text @throws Error when it is not the echo: a fast refusal is no result */
function checkEcho(answer, text) {
  if (answer?.result?.content?.[0]?.text !== text || answer.result.isError === true) {
    throw new Error(`not the answer that was asked for: ${JSON.stringify(answer).slice(0, 300)}`);
  }
}

/** The last message of a body, JSON or SSE. @param {string} body @param {string} contentType */
function lastMessage(body, contentType) {
  if (!contentType.startsWith('text/event-stream')) return body === '' ? undefined : JSON.parse(body);
  const data = body.split('\n').filter((line) => line.startsWith('data: '));
  return JSON.parse((data.at(-1) ?? 'data: null').slice(6));
}

/** Streamable HTTP. @param {{ url: string, headers?: Record<string, string> }} target @returns {Promise<Caller>} */
export async function httpCaller({ url, headers: own = {} }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname, port, pathname } = new URL(url);
  /** @type {Record<string, string>} */
  const session = {};
  let nextId = 0;
  const post = (/** @type {object} */ message) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(message);
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'content-length': Buffer.byteLength(body),
        'mcp-protocol-version': hello.protocolVersion,
        ...own,
        ...session,
      };
      const outgoing = request({ agent, hostname, port, path: pathname, method: 'POST', headers }, (answer) => {
        const id = answer.headers['mcp-session-id'];
        if (typeof id === 'string') session['mcp-session-id'] = id;
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk) => {
          text += chunk;
        });
        answer.on('error', reject);
        answer.once('end', () => {
          if ((answer.statusCode ?? 500) >= 400) reject(new Error(`HTTP ${answer.statusCode}: ${text.slice(0, 300)}`));
          else resolve(lastMessage(text, answer.headers['content-type'] ?? ''));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  const ask = (/** @type {string} */ method, /** @type {object} */ params) =>
    post({ jsonrpc: '2.0', id: ++nextId, method, params });
  await ask('initialize', hello);
  await post({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return {
    ask,
    call: async (tool, text) => checkEcho(await ask('tools/call', { name: tool, arguments: { text } }), text),
    close: () => agent.destroy(),
  };
}

/** Answers that come on another way than the question went. */
function pendingAnswers() {
  /** @type {Map<number, (answer: any) => void>} */
  const waiting = new Map();
  return {
    wait: (/** @type {number} */ id) => new Promise((resolve) => waiting.set(id, resolve)),
    take(/** @type {string} */ text) {
      const message = JSON.parse(text);
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    },
  };
}

/** HTTP with SSE (MCP 2024-11-05). @param {{ url: string }} target @returns {Promise<Caller>} */
export async function sseCaller({ url }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answers = pendingAnswers();
  const controller = new AbortController();
  const stream = await fetch(url, { headers: { accept: 'text/event-stream' }, signal: controller.signal });
  if (!stream.ok) throw new Error(`HTTP ${stream.status}`);
  /** @type {(path: string) => void} */
  let opened = () => {};
  const endpoint = new Promise((resolve) => {
    opened = resolve;
  });
  const read = async () => {
    let rest = '';
    for await (const chunk of /** @type {AsyncIterable<Uint8Array>} */ (/** @type {unknown} */ (stream.body))) {
      const events = (rest + Buffer.from(chunk).toString('utf8')).split(/\r?\n\r?\n/);
      rest = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: ?(.*)$/m.exec(event)?.[1] ?? '';
        if (/^event: ?endpoint$/m.test(event)) opened(data);
        else if (data.startsWith('{')) answers.take(data);
      }
    }
  };
  read().catch(() => {});
  const target = new URL(await endpoint, url);
  let nextId = 0;
  const post = (/** @type {object} */ message) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(message);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const outgoing = request(target, { agent, method: 'POST', headers }, (answer) => {
        answer.resume();
        answer.once('end', resolve);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  const ask = async (/** @type {string} */ method, /** @type {object} */ params) => {
    const id = ++nextId;
    const answer = answers.wait(id);
    await post({ jsonrpc: '2.0', id, method, params });
    return answer;
  };
  await ask('initialize', { ...hello, protocolVersion: '2024-11-05' });
  await post({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return {
    ask,
    call: async (tool, text) => checkEcho(await ask('tools/call', { name: tool, arguments: { text } }), text),
    close() {
      controller.abort();
      agent.destroy();
    },
  };
}

/** A program of its own. @param {{ args: readonly string[], env?: NodeJS.ProcessEnv }} target for Node @returns {Promise<Caller>} */
export async function stdioCaller({ args, env = process.env }) {
  const child = track(spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'ignore'] }));
  const answers = pendingAnswers();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) answers.take(line);
  });
  let nextId = 0;
  const send = (/** @type {object} */ message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const ask = (/** @type {string} */ method, /** @type {object} */ params) => {
    const id = ++nextId;
    const answer = answers.wait(id);
    send({ jsonrpc: '2.0', id, method, params });
    return answer;
  };
  const ended = new Promise((_, reject) => {
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)));
  });
  ended.catch(() => {});
  await Promise.race([ask('initialize', hello), ended]);
  send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return {
    ask,
    call: async (tool, text) => checkEcho(await ask('tools/call', { name: tool, arguments: { text } }), text),
    close: () => child.kill('SIGTERM'),
  };
}
