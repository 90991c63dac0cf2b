/** An HTTP request of the call's own making: method, whole address, headers, body. */
import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';
import type { ViewPart } from './view-part.ts';
import { code, headline, machineFact } from './words.ts';

export function requestView({ call }: Operation): ViewPart | undefined {
  const { arguments: args } = call;
  const url = textAt(args, ['url', 'uri', 'endpoint']);
  if (url === undefined) return undefined;
  const method = (textAt(args, ['method', 'http_method', 'httpMethod']) ?? 'GET').toUpperCase();
  const host = hostOf(url);
  const bodyValue = ['body', 'data', 'json', 'payload'].map((name) => args[name]).find((value) => value !== undefined);
  const body =
    typeof bodyValue === 'string' || bodyValue === undefined ? bodyValue : JSON.stringify(bodyValue, null, 2);
  return {
    headline: headline`Send ${code(method)} to ${code(host)}`,
    consequence: 'The other side decides what it does. It leaves your machine.',
    sections: [
      { kind: 'request', method, url, headers: headersOf(args['headers']), ...(body === undefined ? {} : { body }) },
    ],
    names: [host],
  };
}

/** RFC 3986 §3.2: what stands between `//` and the next `/`, `?` or `#`, after any user information. */
function hostOf(url: string): string {
  const authority = /^[a-z][a-z0-9+.-]*:[\\/]{2}(?<authority>[^\\/?#]*)/i.exec(url)?.groups?.['authority'];
  return authority?.slice(authority.lastIndexOf('@') + 1) || url;
}

function headersOf(value: JsonValue | undefined) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value as JsonObject).map(([name, content]) =>
    machineFact(name, typeof content === 'string' ? content : JSON.stringify(content)),
  );
}

function textAt(args: JsonObject, names: readonly string[]): string | undefined {
  return names
    .map((name) => (Object.hasOwn(args, name) ? args[name] : undefined))
    .find((value): value is string => typeof value === 'string' && value !== '');
}
