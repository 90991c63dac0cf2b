/** An HTTP request of the call's own making: where it goes, method, whole address, headers, body. */
import { asciiHost } from '../../display/punycode.ts';
import type { Fact } from '../../model/effect-view.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';
import type { ViewPart } from './view-part.ts';
import { code, counted, headline, machineFact } from './words.ts';

const ADDRESSES = ['url', 'uri', 'endpoint'];
const METHODS = ['method', 'http_method', 'httpMethod'];
const BODIES = ['body', 'data', 'json', 'payload'];
const HEADERS = ['headers', 'http_headers', 'httpHeaders'];

export function requestView({ call, classification }: Operation): ViewPart | undefined {
  const { arguments: args } = call;
  const address = textAt(args, ADDRESSES);
  if (address === undefined) return undefined;
  const stated = textAt(args, METHODS);
  const method = stated?.text.toUpperCase();
  const host = hostOf(address.text);
  const ascii = asciiHost(host);
  const body = memberAt(args, BODIES);
  const headers = memberAt(args, HEADERS);
  return {
    headline:
      method === undefined
        ? headline`Send a request to ${code(ascii)}`
        : headline`Send ${code(method)} to ${code(ascii)}`,
    consequence:
      classification.effect === 'delete'
        ? 'It asks the other side to remove something. It leaves your machine.'
        : 'The other side decides what it does. It leaves your machine.',
    warnings: addressWarnings(address.text, host, ascii),
    facts: [machineFact('Host', ascii), ...(ascii === host ? [] : [machineFact('Written as', host)])],
    sections: [
      {
        kind: 'request',
        method: method ?? 'Method not stated',
        url: address.text,
        headers: headersOf(headers?.value),
        ...(body === undefined ? {} : { body: bodyText(body.value) }),
      },
    ],
    names: [host],
    confirmName: classification.effect === 'delete' ? ascii : undefined,
    ...(classification.effect === 'delete' ? {} : { approveLabel: 'Send the request' }),
    // A body that is no text is laid out anew, so its exact value is listed as well.
    shown: [
      address.name,
      ...(stated === undefined ? [] : [stated.name]),
      ...(headers !== undefined && isJsonObject(headers.value) ? [headers.name] : []),
      ...(typeof body?.value === 'string' ? [body.name] : []),
    ],
  };
}

/** RFC 3986 §3.2: what stands between `//` and the next `/`, `?` or `#`, after any user information. */
function hostOf(url: string): string {
  const authority = authorityOf(url);
  return authority?.slice(authority.lastIndexOf('@') + 1) || url;
}

/** Browsers take a backslash for a slash, so both end it. */
function authorityOf(url: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:[\\/]{2}(?<authority>[^\\/?#]*)/i.exec(url)?.groups?.['authority'];
}

const HERE =
  /^(localhost|.*\.localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|0\.0\.0\.0|\[(::1?|f[cd]|fe80))/;

function addressWarnings(url: string, host: string, ascii: string): readonly string[] {
  return [
    ...(authorityOf(url)?.includes('@') ? ['The address holds a user name or a password before the host.'] : []),
    ...(/[^\0-\x7f]/.test(host) ? [`Its host holds letters beyond a to z; machines read it as ${ascii}.`] : []),
    ...(HERE.test(ascii) ? ['It goes to this machine or to the local network.'] : []),
    ...(/^http:/i.test(url) ? ['It is not encrypted (http).'] : []),
  ];
}

const SECRET_HEADER = /auth|cookie|token|secret|passw|credential|signature|(api|access|private|session|^x)-?_?key/i;

/** Secrets are counted, not shown: a window may be on a projector (DG-20). The exact call is one press away. */
function headersOf(value: JsonValue | undefined): readonly Fact[] {
  if (!isJsonObject(value)) return [];
  return Object.entries(value).map(([name, content]) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    return SECRET_HEADER.test(name)
      ? { label: name, value: `hidden, ${counted([...text].length, 'character')}`, machineMade: false }
      : machineFact(name, text);
  });
}

function bodyText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function memberAt(args: JsonObject, names: readonly string[]) {
  const name = names.find((each) => Object.hasOwn(args, each) && args[each] !== null);
  return name === undefined ? undefined : { name, value: args[name] as JsonValue };
}

function textAt(args: JsonObject, names: readonly string[]) {
  const name = names.find((each) => Object.hasOwn(args, each) && typeof args[each] === 'string' && args[each] !== '');
  return name === undefined ? undefined : { name, text: args[name] as string };
}
