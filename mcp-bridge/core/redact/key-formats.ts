/**
 * Secrets known by their shape. Every pattern starts at a literal, is bounded until it is sure and only then runs on
 * to the end of the word: linear whatever the text (MC-38).
 */
export type TextRange = { readonly start: number; readonly end: number; readonly label: string };

type KeyFormat = { readonly label: string; readonly pattern: RegExp };

const FORMATS: readonly KeyFormat[] = [
  { label: 'aws-access-key', pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])/g },
  { label: 'aws-secret-key', pattern: /(?<=aws_secret_access_key["'\s:=]{1,8})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/gi },
  { label: 'github-token', pattern: /(?<![A-Za-z0-9])gh[opsur]_[A-Za-z0-9]{36}[A-Za-z0-9]*/g },
  { label: 'github-token', pattern: /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{22}\w*/g },
  { label: 'gitlab-token', pattern: /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|ft|agent|oas)-[\w-]{20}[\w.-]*/g },
  { label: 'slack-token', pattern: /(?<![A-Za-z0-9])xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10}[A-Za-z0-9-]*/g },
  { label: 'slack-token', pattern: /(?<![A-Za-z0-9])xapp-\d-[A-Za-z0-9-]{10}[A-Za-z0-9-]*/g },
  { label: 'slack-webhook', pattern: /hooks\.slack\.com\/(?:services|workflows)\/[\w/]{20}[\w/]*/g },
  { label: 'stripe-key', pattern: /(?<![A-Za-z0-9])(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9]{16}[A-Za-z0-9+/=]*/g },
  { label: 'google-api-key', pattern: /(?<![A-Za-z0-9])AIza[\w-]{35}(?![\w-])/g },
  { label: 'google-token', pattern: /(?<![A-Za-z0-9])(?:ya29\.[\w-]{20}|GOCSPX-[\w-]{20})[\w.-]*/g },
  { label: 'anthropic-key', pattern: /(?<![A-Za-z0-9])sk-ant-[\w-]{20}[\w-]*/g },
  { label: 'openai-key', pattern: /(?<![A-Za-z0-9])sk-(?:(?:proj|svcacct|admin)-[\w-]{20}|[A-Za-z0-9]{32})[\w-]*/g },
  { label: 'npm-token', pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}[A-Za-z0-9]*/g },
  { label: 'url-password', pattern: /(?<=:\/\/[^\s:/?#@]{0,64}:)[^\s:/?#@]{1,128}(?=@)/g },
];

/** Any of the literals that the patterns begin with: most text has none and is done at once. */
const HINT =
  /A(?:KIA|SIA|BIA|CCA|Iza)|aws_secret|gh[opsur]_|github_pat_|gl[a-z]{2,5}-|xox|xapp|hooks\.slack|[rs]k[-_]|whsec_|ya29|GOCSPX|npm_|:\/\/|\.eyJ|-----BEGIN/i;

export function findKeys(text: string): readonly TextRange[] {
  if (!HINT.test(text)) return [];
  const ranges = FORMATS.flatMap(({ label, pattern }) =>
    [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length, label })),
  );
  return [...ranges, ...findJwts(text), ...findPrivateKeys(text)];
}

/**
 * RFC 7519: header.payload.signature, the first two JSON objects in base64url. Tried only where a word begins, so a
 * long word is not walked again from each of its letters.
 */
const JWT = /(?<![\w-])[\w-]{13,}\.eyJ[\w-]{10,}\.[\w-]*/g;

function findJwts(text: string): readonly TextRange[] {
  return [...text.matchAll(JWT)].flatMap((match) => {
    const at = match[0].indexOf('eyJ');
    const isHeader = at >= 0 && at < match[0].indexOf('.');
    return isHeader ? [{ start: match.index + at, end: match.index + match[0].length, label: 'jwt' }] : [];
  });
}

/** RFC 7468 and OpenPGP armour, up to the end line; one without an end takes the rest. */
function findPrivateKeys(text: string): readonly TextRange[] {
  const ranges: TextRange[] = [];
  const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    const endLine = text.indexOf('-----END', begin.lastIndex);
    const close = endLine < 0 ? -1 : text.indexOf('-----', endLine + 8);
    const end = close < 0 ? text.length : close + 5;
    ranges.push({ start: match.index, end, label: 'private-key' });
    begin.lastIndex = end;
  }
  return ranges;
}
