/**
 * HTTP requests: method, overriding headers, GraphQL inside (CL-15; RFC 9110 §9.2.1 safe methods).
 *
 * The request may be one argument (`{method, url, headers, body}`) or spread over the call's arguments. A safe method
 * reads, unless a header, a query parameter or a body member names another method, a body comes with GET, or the address
 * itself says that something is done. Whatever cannot be told is not taken to be GET.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../../model/json.ts';
import { couldNotInterpret, type Finding, quoted, verdictOf } from '../findings.ts';
import type { AnalyserContext, ArgumentAnalyser } from '../ports.ts';

const SAFE = /^(GET|HEAD|OPTIONS|QUERY|PROPFIND|REPORT|SEARCH)$/;
const CHANGING = /^(POST|PUT|PATCH|MKCOL|COPY|LOCK|UNLOCK|PROPPATCH|ACL|MKCALENDAR|CHECKIN|CHECKOUT|LINK|BIND)$/;
const OVERRIDE_HEADERS = /^x-(http-)?method(-override)?$/;

export function createHttpAnalyser(graphql: ArgumentAnalyser): ArgumentAnalyser {
  return (value, context) => {
    const request = requestOf(value, context);
    if (request === undefined) return couldNotInterpret('web', 'The HTTP request could not be interpreted.');
    const findings: Finding[] = [methodFinding(request.method)];
    for (const override of request.overrides)
      findings.push({
        ...methodFinding(override),
        ...(SAFE.test(override.toUpperCase()) ? { effect: 'write' as const } : {}),
        reason: `The request asks to be taken as ${quoted(override)} instead.`,
      });
    if (request.query !== undefined) {
      const inner = graphql(request.query, context);
      const reads = inner.effect === 'read';
      // A GraphQL query is sent by POST and still only reads.
      if (reads && /^(GET|POST)$/i.test(request.method) && request.overrides.length === 0)
        return { ...inner, domain: 'web' };
      findings.push(
        ...inner.reasons.map((reason) => ({
          effect: inner.effect,
          action: inner.action,
          uninterpreted: inner.uninterpreted,
          reason,
        })),
      );
    } else if (SAFE.test(request.method.toUpperCase()) && request.hasBody) {
      findings.push({
        effect: 'write',
        action: 'request',
        reason: 'A body is sent with a method that should only read.',
      });
    }
    if (request.url !== undefined) findings.push(...addressFindings(request.url));
    return verdictOf(findings, 'web');
  };
}

function methodFinding(method: string): Finding {
  const upper = method.toUpperCase();
  const action = upper.toLowerCase();
  if (SAFE.test(upper)) return { effect: 'read', action, reason: `${upper} only reads.` };
  if (CHANGING.test(upper)) return { effect: 'write', action, reason: `${upper} changes something on the server.` };
  return {
    effect: 'delete',
    action: /^\w+$/.test(action) ? action : 'request',
    reason: `${quoted(upper)} removes something, or is no method that is known.`,
  };
}

const ACTS =
  /(?:^|[/_.?&=-])(delete|remove|destroy|drop|purge|erase|truncate|reset|revoke|cancel|terminate|kill|shutdown|reboot|wipe|unsubscribe|logout|disable|deactivate|approve|confirm|execute|exec|run|send|publish|deploy|transfer|pay)(?=$|[/_.?&=-])/i;

/** `GET /items/5/delete` and `?action=remove` do what they say on many a server. */
function addressFindings(url: string): Finding[] {
  if (/[\s\p{Cc}]/u.test(url))
    return [{ effect: 'delete', uninterpreted: true, reason: 'The address holds spaces or control characters.' }];
  const scheme = /^([a-z][\w+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme !== undefined && !/^https?$/.test(scheme) && !/^[\w.-]+:\d+/.test(url))
    return [{ effect: 'delete', uninterpreted: true, reason: `The address is not of the web (${scheme}).` }];
  const path = decoded(url.replace(/^[a-z][\w+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/, ''));
  const word = ACTS.exec(path)?.[1];
  return word === undefined
    ? []
    : [
        {
          effect: 'write',
          action: 'request',
          reason: `The address says ${quoted(word)}: a request to it may do that.`,
          objects: [{ kind: 'resource', name: url }],
        },
      ];
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

type Request = {
  readonly method: string;
  readonly url: string | undefined;
  readonly overrides: readonly string[];
  readonly hasBody: boolean;
  /** GraphQL text and what goes with it. */
  readonly query: JsonValue | undefined;
};

function requestOf(value: JsonValue, context: AnalyserContext): Request | undefined {
  const whole: JsonObject = isJsonObject(value) ? value : context.arguments;
  const named =
    member(whole, /^(http_?)?(method|verb)$/i) ??
    (isJsonObject(value) ? member(context.arguments, /^(http_?)?(method|verb)$/i) : undefined);
  const given = typeof value === 'string' && /^[A-Za-z]+$/.test(value) ? value : named;
  const url =
    member(whole, /^(url|uri|endpoint|path|href|address)$/i) ??
    (typeof value === 'string' && /[/.:]/.test(value) ? value : undefined);
  const body = member(whole, /^(body|data|json|payload|content|form|form_?data)$/i);
  const hasBody =
    body !== undefined && body !== null && body !== '' && !(isJsonObject(body) && Object.keys(body).length === 0);
  if (given !== undefined && typeof given !== 'string') return undefined;
  if (given === undefined && url === undefined) return undefined;
  const method = given ?? (hasBody ? 'POST' : 'GET');
  const address = typeof url === 'string' ? url : undefined;
  const headers = headerPairs(member(whole, /^(headers?|http_?headers)$/i));
  if (headers === undefined || !/^[A-Za-z-]+$/.test(method)) return undefined;
  const parsed = bodyObject(body);
  const overrides = [
    ...headers.filter(([name]) => OVERRIDE_HEADERS.test(name.trim().toLowerCase())).map(([, text]) => text),
    ...[...(address ?? '').matchAll(/[?&](?:_method|_httpmethod|x-http-method-override)=([^&#]*)/gi)].map(
      (match) => match[1] ?? '',
    ),
    ...(typeof parsed?.['_method'] === 'string' ? [parsed['_method']] : []),
  ];
  const graphqlAddress = /\/graphql\b|\/gql\b/i.test(address ?? '');
  const inUrl = /[?&]query=([^&#]*)/.exec(address ?? '')?.[1];
  const query =
    parsed?.['query'] !== undefined &&
    (graphqlAddress || /^\s*(query|mutation|subscription|fragment|\{)/.test(String(parsed['query'])))
      ? parsed
      : graphqlAddress && inUrl !== undefined
        ? decoded(inUrl.replaceAll('+', ' '))
        : graphqlAddress && hasBody
          ? (body ?? null)
          : undefined;
  return { method, url: address, overrides, hasBody, query };
}

function member(object: JsonObject, name: RegExp): JsonValue | undefined {
  const key = Object.keys(object).find((candidate) => name.test(candidate));
  return key === undefined ? undefined : object[key];
}

/** An object, a list of pairs or `Name: value` lines. Undefined: something else. */
function headerPairs(headers: JsonValue | undefined): readonly (readonly [string, string])[] | undefined {
  if (headers === undefined || headers === null || headers === '') return [];
  if (typeof headers === 'string') {
    const object = bodyObject(headers);
    return object === undefined ? headers.split(/\r?\n/).map(splitHeader) : headerPairs(object);
  }
  if (Array.isArray(headers))
    return headers.flatMap((item: JsonValue) => {
      if (typeof item === 'string') return [splitHeader(item)];
      if (Array.isArray(item)) return [[String(item[0]), String(item[1])] as const];
      if (!isJsonObject(item)) return [];
      const name = item['name'] ?? item['key'];
      return typeof name === 'string'
        ? [[name, String(item['value'])] as const]
        : Object.entries(item).map(([key, text]) => [key, String(text)] as const);
    });
  return isJsonObject(headers)
    ? Object.entries(headers).map(([name, text]) => [name, String(text)] as const)
    : undefined;
}

function splitHeader(line: string): readonly [string, string] {
  const at = line.indexOf(':');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).trim()];
}

function bodyObject(body: JsonValue | undefined): JsonObject | undefined {
  if (isJsonObject(body)) return body;
  if (typeof body !== 'string' || body.length > 200_000) return undefined;
  if (/(^|&)_method=([^&]*)/.test(body)) return { _method: /(^|&)_method=([^&]*)/.exec(body)?.[2] ?? '' };
  try {
    const parsed: JsonValue = JSON.parse(body);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
