// @ts-nocheck: plain Node runs it, without a build.
/**
 * Four ways in which agents speak to a model: OpenAI chat completions and responses, Anthropic messages, Gemini
 * generateContent. Each knows the tools it is offered, the results it is told, and how to call one tool or to be done.
 * A result is `{ id, text, isError }`; `isError` is undefined where the dialect has no word for it.
 */
const textOf = (content) => (typeof content === 'string' ? content : JSON.stringify(content));

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
  results: ({ messages }) =>
    messages
      .filter(({ role }) => role === 'tool')
      .map((said) => ({ id: said.tool_call_id, text: textOf(said.content), isError: undefined })),
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
  results: ({ input }) =>
    input
      .filter(({ type }) => type === 'function_call_output')
      .map((said) => ({ id: said.call_id, text: textOf(said.output), isError: undefined })),
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
      .filter(({ type }) => type === 'tool_result')
      .map((said) => ({ id: said.tool_use_id, text: textOf(said.content), isError: said.is_error === true })),
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
  results: ({ contents }) =>
    contents
      .flatMap(({ parts = [] }) => parts)
      .filter((part) => part.functionResponse)
      .map(({ functionResponse: { id, response } }) => ({
        id: id ?? '',
        text: textOf(response),
        isError: response?.error !== undefined,
      })),
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

export const dialects = [chat, responses, messages, generate];
