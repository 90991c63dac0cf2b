// @ts-nocheck: plain Node runs it as a child process, without a build.
/**
 * The tools, prompts and resources that the official conformance suite asks a server for, as plain data and small
 * handlers over the SDK's low-level context. Names and texts are the suite's.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const WAV = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';
const STATE_KEY = 'conformance fixture state key, nothing secret about it';

const text = (value) => ({ content: [{ type: 'text', text: value }] });
const object = (properties = {}, required = []) => ({ type: 'object', properties, required });
const inputRequired = (inputRequests, requestState) => ({
  resultType: 'input_required',
  inputRequests,
  ...(requestState === undefined ? {} : { requestState }),
});
const form = (message, properties) => ({
  method: 'elicitation/create',
  params: { mode: 'form', message, requestedSchema: object(properties, Object.keys(properties)) },
});
const sampling = (prompt, maxTokens = 100) => ({
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens },
});
const roots = { method: 'roots/list', params: {} };

const sealed = (value) => `${value}.${createHmac('sha256', STATE_KEY).update(value).digest('hex')}`;
export function isSealed(state) {
  const value = state.slice(0, state.lastIndexOf('.'));
  const expected = sealed(value);
  return expected.length === state.length && timingSafeEqual(Buffer.from(expected), Buffer.from(state));
}

/** Asks for input in the way of the era: inside the result, or by a request on the connection. */
async function ask(context, key, request, finish) {
  if (context.era === 'legacy') return finish(await context.send(request));
  const response = context.responses[key];
  if (response === undefined) return inputRequired({ [key]: request });
  return finish(response);
}

const enums = {
  untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
  titledSingle: {
    type: 'string',
    oneOf: [
      { const: 'value1', title: 'First Option' },
      { const: 'value2', title: 'Second Option' },
      { const: 'value3', title: 'Third Option' },
    ],
  },
  legacyEnum: {
    type: 'string',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
  titledMulti: {
    type: 'array',
    items: {
      anyOf: [
        { const: 'value1', title: 'First Choice' },
        { const: 'value2', title: 'Second Choice' },
        { const: 'value3', title: 'Third Choice' },
      ],
    },
  },
};
const defaults = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
};
const elicited = (result) =>
  text(`Elicitation completed: action=${result.action}, content=${JSON.stringify(result.content ?? {})}`);
const elicitWith = (message, properties) => ({
  call: (_arguments, context) =>
    ask(
      context,
      'form',
      {
        method: 'elicitation/create',
        params: { mode: 'form', message, requestedSchema: { type: 'object', properties, required: [] } },
      },
      elicited,
    ),
});

const schema202012 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

/** By name: `call(arguments, context)` and, where it takes any, `schema`. */
export const tools = {
  test_simple_text: { call: () => text('This is a simple text response for testing.') },
  /** Comes and goes with test_trigger_tool_change. */
  test_toggled_tool: { call: () => text('The toggled tool is there') },
  test_image_content: { call: () => ({ content: [{ type: 'image', data: PNG, mimeType: 'image/png' }] }) },
  test_audio_content: { call: () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }) },
  test_embedded_resource: {
    call: () => ({
      content: [
        {
          type: 'resource',
          resource: {
            uri: 'test://embedded-resource',
            mimeType: 'text/plain',
            text: 'This is an embedded resource content.',
          },
        },
      ],
    }),
  },
  test_multiple_content_types: {
    call: () => ({
      content: [
        { type: 'text', text: 'Multiple content types test:' },
        { type: 'image', data: PNG, mimeType: 'image/png' },
        {
          type: 'resource',
          resource: {
            uri: 'test://mixed-content-resource',
            mimeType: 'application/json',
            text: '{"test":"data","value":123}',
          },
        },
      ],
    }),
  },
  test_error_handling: {
    call: () => ({ ...text('This tool intentionally returns an error for testing'), isError: true }),
  },
  test_tool_with_logging: {
    call: async (_arguments, context) => {
      await context.log('Tool execution started');
      await pause(50);
      await context.log('Tool processing data');
      await pause(50);
      await context.log('Tool execution completed');
      return text('Tool with logging executed successfully');
    },
  },
  test_tool_with_progress: {
    call: async (_arguments, context) => {
      for (const progress of [0, 50, 100]) {
        await context.progress(progress, 100);
        await pause(50);
      }
      return text('Tool with progress executed successfully');
    },
  },
  test_sampling: {
    schema: object({ prompt: { type: 'string' } }, ['prompt']),
    call: ({ prompt }, context) =>
      ask(context, 'sample', sampling(prompt), (result) => text(`LLM response: ${result.content?.text ?? ''}`)),
  },
  test_elicitation: {
    schema: object({ message: { type: 'string' } }, ['message']),
    call: ({ message }, context) =>
      ask(
        context,
        'response',
        form(message, {
          username: { type: 'string', description: "User's response" },
          email: { type: 'string', description: "User's email address" },
        }),
        (result) => text(`User response: action: ${result.action}, content: ${JSON.stringify(result.content ?? {})}`),
      ),
  },
  test_elicitation_sep1034_defaults: elicitWith('Please review the defaults', defaults),
  test_elicitation_sep1330_enums: elicitWith('Please choose', enums),
  json_schema_2020_12_tool: { schema: schema202012, call: () => text('ok') },
  test_missing_capability: {
    call: (_arguments, context) => {
      if (context.capabilities.sampling === undefined) throw context.missingCapability({ sampling: {} });
      return text('The capability is there');
    },
  },
  test_streaming_elicitation: {
    call: (_arguments, context) =>
      ask(context, 'name', form('What is your name?', { name: { type: 'string' } }), elicited),
  },
  test_logging_tool: {
    call: async (_arguments, context) => {
      await context.log('A line for those who asked for it');
      return text('Logged');
    },
  },
  test_trigger_tool_change: { call: (_arguments, context) => text(context.toggleTool()) },
  test_trigger_prompt_change: { call: (_arguments, context) => text(context.togglePrompt()) },
  test_reconnection: {
    call: async (_arguments, context) => {
      context.closeStream?.();
      await pause(200);
      return text('Reconnection test completed');
    },
  },
  test_input_required_result_elicitation: {
    call: (_arguments, { responses }) => {
      const name = responses.user_name?.content?.name;
      if (typeof name === 'string') return text(`Hello, ${name}!`);
      return inputRequired({ user_name: form('What is your name?', { name: { type: 'string' } }) });
    },
  },
  test_input_required_result_sampling: {
    call: (_arguments, { responses }) => {
      const answer = responses.capital_question;
      if (answer === undefined) return inputRequired({ capital_question: sampling('What is the capital of France?') });
      return text(`Sampled: ${answer.content?.text ?? JSON.stringify(answer.content)}`);
    },
  },
  test_input_required_result_list_roots: {
    call: (_arguments, { responses }) => {
      const answer = responses.client_roots;
      if (!Array.isArray(answer?.roots)) return inputRequired({ client_roots: roots });
      return text(`Roots: ${answer.roots.map(({ uri }) => uri).join(', ')}`);
    },
  },
  test_input_required_result_request_state: {
    call: (_arguments, { responses, state }) => {
      if (responses.confirm === undefined || state === undefined)
        return inputRequired({ confirm: form('Please confirm', { ok: { type: 'boolean' } }) }, sealed('confirm'));
      return text('state-ok');
    },
  },
  test_input_required_result_multiple_inputs: {
    call: (_arguments, { responses, state }) => {
      if (state !== undefined && responses.user_name && responses.greeting && responses.client_roots)
        return text(`All inputs received for ${responses.user_name.content?.name}`);
      return inputRequired(
        {
          user_name: form('What is your name?', { name: { type: 'string' } }),
          greeting: sampling('Generate a greeting', 50),
          client_roots: roots,
        },
        sealed('multiple'),
      );
    },
  },
  test_input_required_result_multi_round: {
    call: (_arguments, { responses, state }) => {
      if (responses.step2 !== undefined && state?.startsWith('round-2'))
        return text(`Done: ${responses.step2.content?.color}`);
      if (responses.step1 !== undefined && state?.startsWith('round-1'))
        return inputRequired(
          { step2: form('Step 2: What is your favorite color?', { color: { type: 'string' } }) },
          sealed(`round-2 ${responses.step1.content?.name ?? ''}`),
        );
      return inputRequired(
        { step1: form('Step 1: What is your name?', { name: { type: 'string' } }) },
        sealed('round-1'),
      );
    },
  },
  test_input_required_result_tampered_state: {
    call: (_arguments, { responses, state }) => {
      if (state !== undefined && responses.confirm !== undefined) return text('The state is intact');
      return inputRequired({ confirm: form('Please confirm', { ok: { type: 'boolean' } }) }, sealed('tamper'));
    },
  },
  test_input_required_result_capabilities: {
    call: (_arguments, { responses, capabilities }) => {
      if (Object.keys(responses).length > 0) return text('Received');
      const inputRequests = {
        ...(capabilities.elicitation === undefined ? {} : { ask: form('What?', { answer: { type: 'string' } }) }),
        ...(capabilities.sampling === undefined ? {} : { sample: sampling('Say something') }),
      };
      return Object.keys(inputRequests).length === 0 ? text('Nothing can be asked') : inputRequired(inputRequests);
    },
  },
};

const user = (content) => ({ role: 'user', content });
const userText = (value) => user({ type: 'text', text: value });

export const prompts = {
  /** Comes and goes with test_trigger_prompt_change. */
  test_toggled_prompt: { get: () => [userText('The toggled prompt is there.')] },
  test_simple_prompt: { get: () => [userText('This is a simple prompt for testing.')] },
  test_prompt_with_arguments: {
    arguments: ['arg1', 'arg2'],
    get: ({ arg1, arg2 }) => [userText(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  },
  test_prompt_with_embedded_resource: {
    arguments: ['resourceUri'],
    get: ({ resourceUri }) => [
      user({
        type: 'resource',
        resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
      }),
      userText('Please process the embedded resource above.'),
    ],
  },
  test_prompt_with_image: {
    get: () => [user({ type: 'image', data: PNG, mimeType: 'image/png' }), userText('Please analyze the image above.')],
  },
  test_input_required_result_prompt: {
    input: { user_context: form('What context should the prompt use?', { context: { type: 'string' } }) },
    get: (_arguments, { responses }) => [userText(`Context: ${responses.user_context?.content?.context}`)],
  },
};

export const resources = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: PNG },
  'test://watched-resource': { mimeType: 'text/plain', text: 'Watched resource content' },
  'test://example-resource': { mimeType: 'text/plain', text: 'Example resource content' },
};
export const resourceTemplate = {
  uriTemplate: 'test://template/{id}/data',
  name: 'template',
  mimeType: 'application/json',
};
export function readTemplate(uri) {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id === undefined) return undefined;
  const value = { id, templateTest: true, data: `Data for ID: ${id}` };
  return { mimeType: 'application/json', text: JSON.stringify(value) };
}
