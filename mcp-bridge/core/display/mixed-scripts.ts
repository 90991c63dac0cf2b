/**
 * Names that could be mistaken for others (UTS 39 §5, in a light form): a word that mixes alphabets which share
 * shapes, one written wholly in look-alikes of Latin letters, or one that uses compatibility letters.
 * For hosts, paths, branch, table and tool names; prose is not judged (DG-03).
 */
const CONFUSABLE_SCRIPTS = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Coptic', 'Lisu', 'Deseret'] as const;
const scriptPatterns = CONFUSABLE_SCRIPTS.map((script) => [script, new RegExp(`\\p{Script=${script}}`, 'u')] as const);

// Letters that a reader takes for the Latin letter beside them, from UTS 39 confusables.txt (single characters).
const LATIN_LOOK_ALIKES: { readonly [letter: string]: string } = {
  ...pairs('асеорхуіјѕһԁԛԝьӏ', 'aceopxyijshdqwbl'),
  ...pairs('АВСЕНІЈКМОРЅТХУԌԚԜҮ', 'ABCEHIJKMOPSTXYGQWY'),
  ...pairs('αορνικτυχγ', 'aopvikTuxy'),
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'),
  ...pairs('օոսհցքյ', 'onuhgpj'),
  ...pairs('ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᏃ', 'ABCDEHJKLMPRSTVWZ'),
};

const ASCII = /^[\x20-\x7e]*$/;

type NameWarning = {
  readonly kind: 'mixed-scripts' | 'look-alike' | 'compatibility';
  readonly sentence: string;
};

/** The first thing a person should know about a name; undefined for the ordinary ones of any one alphabet. */
export function nameWarning(name: string): NameWarning | undefined {
  // ASCII has one alphabet and nothing that looks like its letters
  if (ASCII.test(name)) return undefined;
  for (const word of new Set(name.match(/[\p{L}\p{M}\p{N}\p{Sc}\p{So}]+/gu))) {
    const scripts = scriptPatterns.flatMap(([script, pattern]) => (pattern.test(word) ? [script] : []));
    if (scripts.length > 1)
      return { kind: 'mixed-scripts', sentence: `“${word}” mixes ${scripts.join(' and ')} letters.` };
    const reading = latinReading(word);
    if (reading !== undefined && !scripts.includes('Latin'))
      return { kind: 'look-alike', sentence: `“${word}” is not Latin letters, though it reads like “${reading}”.` };
    const plain = word.normalize('NFKC');
    if (plain !== word.normalize('NFC') && /^[\x20-\x7e]+$/.test(plain))
      return { kind: 'compatibility', sentence: `“${word}” uses special forms of the letters “${plain}”.` };
  }
  return undefined;
}

/** Defined when every letter of the word has a Latin look-alike. */
function latinReading(word: string): string | undefined {
  const letters = [...word].map((letter) => LATIN_LOOK_ALIKES[letter] ?? (/[\p{N}\p{M}]/u.test(letter) ? letter : ''));
  const isReading = /\p{L}/u.test(word) && letters.every((letter) => letter !== '');
  return isReading ? letters.join('') : undefined;
}

function pairs(letters: string, latin: string): { readonly [letter: string]: string } {
  const targets = [...latin];
  return Object.fromEntries([...letters].map((letter, index) => [letter, targets[index] ?? '']));
}
