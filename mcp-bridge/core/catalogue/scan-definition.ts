/**
 * Looks through all text of a definition (every key and every string, at any depth) for what tool poisoning is made
 * of, so that the review can point at it (MC-01, MC-02, MC-06). Flags are hints for a person: their absence proves
 * nothing, and no decision rests on them.
 */
import { hasInvisible } from '../display/show-invisible.ts';
import type { JsonValue } from '../model/json.ts';

export type DefinitionFlag = {
  readonly kind: 'hidden-characters' | 'instruction' | 'secret-place' | 'other-tool' | 'encoded' | 'very-long';
  /** Where, as in `inputSchema.properties.path.description`. */
  readonly path: string;
  readonly sentence: string;
};

type Pattern = readonly [kind: DefinitionFlag['kind'], pattern: RegExp, sentence: string];

const PATTERNS: readonly Pattern[] = [
  [
    'instruction',
    /<\/?(?:important|system|instructions?|critical|secret|hidden|admin|s)\s*>/i,
    'It holds a tag that addresses the model.',
  ],
  [
    'instruction',
    /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|other|all)\b.{0,30}\b(?:instruction|prompt|rule|message|tool|direction)/i,
    'It tells the model to ignore instructions.',
  ],
  [
    'instruction',
    /\b(?:do not|don't|never|must not|without)\b.{0,30}\b(?:tell|telling|mention|mentioning|inform|informing|notify|notifying|reveal|revealing|show|showing|ask|asking|alert)\b.{0,30}\b(?:the )?(?:user|human|person|operator|anyone)\b/i,
    'It tells the model to keep something from the person.',
  ],
  [
    'instruction',
    /\b(?:before|after|prior to|when(?:ever)?)\b.{0,20}\b(?:using|calling|invoking|use|call|running)\b.{0,40}\b(?:tool|function|other)\b/i,
    'It tells the model when to use tools.',
  ],
  [
    'instruction',
    /\byou (?:must|should|need to|have to|are required to)\b|\b(?:always|first|immediately)\b.{0,20}\b(?:call|use|invoke|read|send|include|pass|execute|run)\b/i,
    'It gives the model an order.',
  ],
  [
    'instruction',
    /\b(?:system prompt|jailbreak|developer mode|new instructions|conversation history|chat history|previous messages|entire conversation)\b/i,
    'It speaks of the model’s prompt or conversation.',
  ],
  [
    'secret-place',
    /(?:~|\$HOME|\/home\/\w+|\/root)?\/?\.(?:ssh|aws|gnupg|kube|docker|netrc|npmrc|env|cursor|claude|config\/gcloud)\b|\bid_(?:rsa|ed25519|ecdsa)\b|\bmcp\.json\b|\/etc\/(?:passwd|shadow)/i,
    'It names a place where secrets are kept.',
  ],
  [
    'secret-place',
    /\b(?:api[_ -]?keys?|passwords?|private keys?|credentials?|access tokens?|secrets?)\b.{0,60}\b(?:send|include|pass|append|add|put|provide|copy|upload)\b|\b(?:send|include|pass|append|provide|copy|upload)\b.{0,60}\b(?:api[_ -]?keys?|passwords?|private keys?|credentials?|access tokens?|secrets?)\b/i,
    'It asks for secrets.',
  ],
  [
    'encoded',
    /(?:[A-Za-z0-9+/]{4}){24,}={0,2}|(?:\\x[0-9a-f]{2}){12,}|(?:[0-9a-f]{2}){48,}/i,
    'It holds a long encoded blob.',
  ],
  [
    'instruction',
    /<!--|\]\(\s*(?:javascript|data):|\[\/?INST\]|<\|[a-z_]+\|>/i,
    'It holds hidden markup or markers of a model’s prompt format.',
  ],
];

const WORD = /[A-Za-z0-9](?:[A-Za-z0-9_.-]{2,126}[A-Za-z0-9])/g;
const LONG_TEXT = 4_000;
const MAX_SCANNED = 200_000;
const MAX_FLAGS = 100;

/** What one definition holds by itself. The same definition always scans the same, so this can be kept. */
export type DefinitionScan = {
  readonly flags: readonly DefinitionFlag[];
  /** Words that could be names of tools, and where they stand. */
  readonly words: readonly { readonly word: string; readonly path: string }[];
};

/** Linear in the size of the definition. */
export function scanDefinition(definition: JsonValue): DefinitionScan {
  const flags: DefinitionFlag[] = [];
  const words: { word: string; path: string }[] = [];
  let scanned = 0;
  const scanText = (text: string, path: string) => {
    const part = text.slice(0, Math.max(0, MAX_SCANNED - scanned));
    scanned += part.length;
    if (text.length > LONG_TEXT || part.length < text.length)
      flags.push({ kind: 'very-long', path, sentence: `It is ${text.length} characters long.` });
    if (hasInvisible(part, { lines: 'multi-line' }))
      flags.push({ kind: 'hidden-characters', path, sentence: 'It holds characters that cannot be seen.' });
    // What is written in letters of another width, or with letters that cannot be seen in between, reads the same.
    const plain = /[^\0-\x7f]/.test(part)
      ? part.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
      : part;
    for (const [kind, pattern, sentence] of PATTERNS) if (pattern.test(plain)) flags.push({ kind, path, sentence });
    // A plain word such as `search` is English before it is a name.
    const named = (part.match(WORD) ?? []).filter((word) => /[a-z0-9][_.-]|[a-z][A-Z]/.test(word));
    words.push(...[...new Set(named)].slice(0, MAX_FLAGS).map((word) => ({ word, path })));
  };
  const visit = (value: JsonValue, path: string): void => {
    if (flags.length >= MAX_FLAGS) return;
    if (typeof value === 'string') scanText(value, path);
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, `${path}[${index}]`);
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) {
        const inner = path === '' ? name : `${path}.${name}`;
        if (name.length > 12 || hasInvisible(name)) scanText(name, inner);
        visit(member, inner);
      }
  };
  visit(definition, '');
  return { flags, words };
}

/** All flags of a definition beside the tools of other servers, of which it should not speak (MC-06). */
export function flagsBeside(
  { flags, words }: DefinitionScan,
  otherTools: ReadonlySet<string>,
): readonly DefinitionFlag[] {
  const mentions = words.filter(({ word }) => otherTools.has(word));
  return [
    ...flags,
    ...mentions.map(({ word, path }) => ({
      kind: 'other-tool' as const,
      path,
      sentence: `It speaks of “${word}”, a tool of another server.`,
    })),
  ];
}
