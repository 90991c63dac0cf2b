// @ts-nocheck: plain Node runs it, without a build.
/**
 * A model server on loopback that follows a script, in the four dialects that agents speak: OpenAI chat completions and
 * responses, Anthropic messages, Gemini generateContent. It looks for the tools it wants among those the agent offers
 * and calls them one after the other; how far it is, it reads off the conversation.
 */
import { createServer } from 'node:http';

/** The tools to call, by the end of their name, each with its arguments. */
export const script = [
  ['read_note', { name: 'plan' }],
  ['create_note', { name: 'plan', text: 'ship it' }],
  ['delete_note', { name: 'plan' }],
];

/** @returns {Promise<{ url: string, requests: { path: string, tools: number, done: number }[], close(): void }>} */
export async function startFakeModel() {
  const requests = [];
  const server = createServer(async (incoming, outgoing) => {
    let text = '';
    for await (const piece of incoming) text += piece;
    const path = incoming.url ?? '';
    const dialect = dialects.find(({ matches }) => matches.test(path));
    if (!dialect || incoming.method !== 'POST') {
      outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end('{"object":"list","data":[],"models":[]}');
      return;
    }
    const asked = JSON.parse(text);
    const names = dialect.toolNames(asked);
    const done = dialect.results(asked);
    requests.push({ path, tools: names.length, done });
    const step = script[done];
    const name = step && names.find((candidate) => candidate.endsWith(step[0]));
    // Side questions (titles, summaries) offer no tools; they get a word.
    dialect.answer(outgoing, asked, name === undefined ? undefined : { name, args: step[1], id: `call_${done}` }, path);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, requests, close: () => server.close() };
}

const events = (outgoing, list, named = false) => {
  outgoing.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const event of list) {
    outgoing.write(
      `${named ? `event: ${event.type}\n` : ''}data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`,
    );
  }
  outgoing.end();
};

const chat = {
  matches: /\/chat\/completions/,
  toolNames: ({ tools = [] }) => tools.map((tool) => tool.function?.name ?? ''),
  results: ({ messages }) => messages.filter(({ role }) => role === 'tool').length,
  answer(outgoing, { stream }, call) {
    const toolCalls = call && [
      { index: 0, id: call.id, type: 'function', function: { name: call.name, arguments: JSON.stringify(call.args) } },
    ];
    const message = call
      ? { role: 'assistant', content: null, tool_calls: toolCalls }
      : { role: 'assistant', content: 'DONE' };
    const finish = call ? 'tool_calls' : 'stop';
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const base = { id: 'c1', created: 1, model: 'scripted' };
    if (!stream) {
      outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end(
        JSON.stringify({
          ...base,
          object: 'chat.completion',
          choices: [{ index: 0, message, finish_reason: finish }],
          usage,
        }),
      );
      return;
    }
    const chunk = (delta, reason) => ({
      ...base,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason: reason }],
    });
    events(outgoing, [chunk(message, null), { ...chunk({}, finish), usage }, '[DONE]']);
  },
};

const responses = {
  matches: /\/responses/,
  toolNames: ({ tools = [] }) =>
    tools.flatMap((tool) =>
      tool.type === 'namespace' ? tool.tools.map(({ name }) => `${tool.name}\u0000${name}`) : [tool.name ?? ''],
    ),
  results: ({ input }) => input.filter(({ type }) => type === 'function_call_output').length,
  answer(outgoing, _asked, call) {
    const [namespace, inner] = call?.name.includes('\u0000') ? call.name.split('\u0000') : [undefined, call?.name];
    const item = call
      ? {
          type: 'function_call',
          id: 'f1',
          call_id: call.id,
          name: inner,
          ...(namespace ? { namespace } : {}),
          arguments: JSON.stringify(call.args),
          status: 'completed',
        }
      : {
          type: 'message',
          id: 'm1',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'DONE', annotations: [] }],
        };
    const usage = {
      input_tokens: 1,
      output_tokens: 1,
      total_tokens: 2,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 0 },
    };
    const response = { id: 'r1', object: 'response', status: 'completed', output: [item], usage };
    events(
      outgoing,
      [
        { type: 'response.created', response: { id: 'r1', status: 'in_progress', output: [] } },
        { type: 'response.output_item.added', output_index: 0, item },
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response },
      ],
      true,
    );
  },
};

const messages = {
  matches: /\/v1\/messages/,
  toolNames: ({ tools = [] }) => tools.map(({ name }) => name),
  results: (asked) =>
    asked.messages
      .flatMap(({ content }) => (Array.isArray(content) ? content : []))
      .filter(({ type }) => type === 'tool_result').length,
  answer(outgoing, { stream, model }, call, path) {
    if (path.includes('count_tokens')) {
      outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end('{"input_tokens":1}');
      return;
    }
    const block = call
      ? { type: 'tool_use', id: call.id, name: call.name, input: call.args }
      : { type: 'text', text: 'DONE' };
    const stop = call ? 'tool_use' : 'end_turn';
    const usage = { input_tokens: 1, output_tokens: 1 };
    const message = {
      id: 'm1',
      type: 'message',
      role: 'assistant',
      model,
      content: [block],
      stop_reason: stop,
      stop_sequence: null,
      usage,
    };
    if (!stream) {
      outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(message));
      return;
    }
    const delta = call
      ? { type: 'input_json_delta', partial_json: JSON.stringify(call.args) }
      : { type: 'text_delta', text: 'DONE' };
    events(
      outgoing,
      [
        { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
        {
          type: 'content_block_start',
          index: 0,
          content_block: call ? { ...block, input: {} } : { type: 'text', text: '' },
        },
        { type: 'content_block_delta', index: 0, delta },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, usage },
        { type: 'message_stop' },
      ],
      true,
    );
  },
};

const generate = {
  matches: /:(streamG|g)enerateContent/,
  toolNames: ({ tools = [] }) =>
    tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name)),
  results: ({ contents }) => contents.flatMap(({ parts = [] }) => parts).filter((part) => part.functionResponse).length,
  answer(outgoing, _asked, call, path) {
    const part = call ? { functionCall: { name: call.name, args: call.args } } : { text: 'DONE' };
    const answer = {
      candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
      modelVersion: 'scripted',
    };
    if (path.includes('streamGenerate')) events(outgoing, [answer]);
    else outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  },
};

const dialects = [chat, responses, messages, generate];
