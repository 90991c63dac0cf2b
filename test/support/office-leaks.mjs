// @ts-nocheck: plain Node runs it as a child process, without a build.
/** The upstream's secret, in every encoding the redactor states and every place an answer has (MC-37). */
const secret = process.env['API_TOKEN'] ?? '';

export function encoded(encoding) {
  const bytes = Buffer.from(secret, 'utf8');
  switch (encoding) {
    case 'base64':
      return bytes.toString('base64');
    case 'base64url':
      return bytes.toString('base64url');
    case 'hex':
      return bytes.toString('hex');
    case 'percent':
      return encodeURIComponent(secret);
    case 'json':
      return JSON.stringify({ token: secret });
    default:
      return secret;
  }
}

/** Answers once; what belongs to the call goes before it. */
export function answerOf({ arguments: { position, encoding }, _meta }, id, send) {
  const value = encoded(encoding);
  const half = Math.ceil(value.length / 2);
  const text = (...texts) => ({ content: texts.map((each) => ({ type: 'text', text: each })) });
  const resource = (members) => ({ content: [{ type: 'resource', resource: { uri: 'note://a', ...members } }] });
  const blob = Buffer.from(`head ${value} tail`, 'utf8').toString('base64');
  const results = {
    text: text(`seen ${value}.`),
    'two blocks': text(`seen ${value.slice(0, half)}`, `${value.slice(half)} seen`),
    'error text': { ...text(`seen ${value}`), isError: true },
    'structured content': { ...text('seen'), structuredContent: { deep: [{ value: `seen ${value}` }] } },
    'name of a member': { ...text('seen'), structuredContent: { [`seen ${value}`]: 1 } },
    image: { content: [{ type: 'image', mimeType: 'image/png', data: blob }] },
    'resource text': resource({ text: `seen ${value}` }),
    'resource blob': resource({ blob }),
    'resource link': { content: [{ type: 'resource_link', uri: `note://${value}`, name: 'seen' }] },
    'result meta': { ...text('seen'), _meta: { 'example.test/value': `seen ${value}` } },
  };
  if (position === 'error message') return send({ id, error: { code: -32000, message: `seen ${value}` } });
  if (position === 'error data')
    return send({ id, error: { code: -32000, message: 'seen', data: { detail: [`seen ${value}`] } } });
  if (position === 'progress')
    send({
      method: 'notifications/progress',
      params: { progressToken: _meta?.progressToken, progress: 1, message: `seen ${value}` },
    });
  if (position === 'log')
    send({ method: 'notifications/message', params: { level: 'error', logger: 'a', data: { line: `seen ${value}` } } });
  send({ id, result: results[position] ?? text('seen') });
}
