/**
 * Does a WHERE choose among rows, or does it only look as if it did? (DG-22)
 *
 * Each dialect's tree is translated into `Term`; this module decides `always` (every row), `never` or `unknown`.
 * First match wins: 1. a condition without a column cannot choose among rows, so unless it folds to false it counts
 * as none  2. comparisons of a thing with itself, patterns that match everything, a key compared with "not empty"
 * 3. and, or, not, is true …, by their truth tables, with `a or not a` known in its usual disguises.
 *
 * NULL is deliberately ignored: `id = id` skips rows whose id is null, and a person would still call it no condition.
 * INVARIANT: total; a term too deep to decide is `unknown`, which only ever means "it may well be a real condition".
 */
export type Constant = string | number | boolean | null;

export type Term =
  | { readonly kind: 'constant'; readonly value: Constant }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'wholeRow' }
  | { readonly kind: 'apply'; readonly name: string; readonly args: readonly Term[] }
  | {
      /** `column`: the single plain column it selects; `chooses`: has a WHERE, HAVING, LIMIT or grouping. */
      readonly kind: 'subquery';
      readonly column?: string | undefined;
      readonly chooses: boolean;
      readonly value?: Term | undefined;
    }
  | { readonly kind: 'other'; readonly columns: boolean };

export type Truth = 'always' | 'never' | 'unknown';

const MAX_DEPTH = 60;

export function truthOf(term: Term, depth = 0): Truth {
  if (depth > MAX_DEPTH) return 'unknown';
  if (!dependsOnRow(term, depth)) return foldsToFalse(term) ? 'never' : 'always';
  if (term.kind === 'column' || term.kind === 'wholeRow' || term.kind !== 'apply') return 'unknown';
  const [left, right] = term.args;
  const deeper = (inner: Term) => truthOf(inner, depth + 1);
  switch (term.name) {
    case 'and':
      return conjunction(term.args.map(deeper));
    case 'or':
      return disjunction(term.args, deeper);
    case 'not':
      return left === undefined ? 'unknown' : opposite(deeper(left));
    case 'is true':
    case 'is not false':
    case 'is not unknown':
    case 'coalesce':
    case 'cast':
      return left === undefined ? 'unknown' : deeper(left);
    case 'is false':
    case 'is not true':
      return left === undefined ? 'unknown' : opposite(deeper(left));
    case 'is not null':
      return left !== undefined && (isKey(left) || left.kind === 'wholeRow') ? 'always' : 'unknown';
    case 'is null':
      return left !== undefined && isKey(left) ? 'never' : 'unknown';
    case 'case':
      return conjunction(term.args.map(deeper));
    case 'exists':
      return left?.kind === 'subquery' && !left.chooses ? 'always' : 'unknown';
    case 'in':
      return left !== undefined && term.args.slice(1).some((item) => sameThing(left, item)) ? 'always' : 'unknown';
    default:
      return left === undefined || right === undefined ? 'unknown' : comparison(term.name, left, right);
  }
}

const REFLEXIVE = new Set(['=', '==', '<=', '>=', '<=>', 'is not distinct from', 'like', 'ilike', 'similar']);
const IRREFLEXIVE = new Set(['<>', '!=', '<', '>', 'is distinct from', 'not like', 'not ilike']);
const MATCHES_ALL = new Map([
  ['like', /^%*$/],
  ['ilike', /^%*$/],
  ['similar', /^%*$/],
  ['glob', /^\**$/],
  ['~', /^(\^?(\.\*)?\$?|\^|\$)$/],
  ['~*', /^(\^?(\.\*)?\$?|\^|\$)$/],
  ['regexp', /^(\^?(\.\*)?\$?|\^|\$)$/],
]);

function comparison(operator: string, left: Term, right: Term): Truth {
  if (sameThing(left, right)) {
    if (REFLEXIVE.has(operator)) return 'always';
    if (IRREFLEXIVE.has(operator)) return 'never';
  }
  const pattern = MATCHES_ALL.get(operator);
  if (pattern !== undefined && right.kind === 'constant' && typeof right.value === 'string')
    return pattern.test(right.value) ? 'always' : 'unknown';
  const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }[operator] ?? operator;
  if (right.kind === 'constant') return againstEmptiness(operator, left, right.value);
  if (left.kind === 'constant') return againstEmptiness(mirrored, right, left.value);
  return 'unknown';
}

/** `id > 0`, `length(name) >= 0`, `id <> -1`, `id is distinct from null`: true of every row there is. */
function againstEmptiness(operator: string, term: Term, value: Constant): Truth {
  if (value === null) return operator === 'is distinct from' && isKey(term) ? 'always' : 'unknown';
  const inner = term.kind === 'apply' && term.name === 'cast' ? (term.args[0] ?? term) : term;
  if (inner.kind === 'apply' && inner.args.length === 2 && inner.args[1]?.kind === 'constant') {
    // `id * 0 = 0`, `id % 1 = 0`
    const factor = inner.args[1].value;
    if (inner.name === '*' && Number(factor) === 0 && Number(value) === 0 && operator === '=') return 'always';
  }
  if (typeof value === 'boolean')
    return (operator === '=' || operator === 'is not distinct from') && value
      ? truthOf(inner, MAX_DEPTH / 2)
      : 'unknown';
  const counts = inner.kind === 'apply' && NEVER_NEGATIVE.has(inner.name);
  const number = typeof value === 'number' ? value : value.trim() === '' ? 0 : Number(value);
  if (!Number.isFinite(number)) return 'unknown';
  if (counts) return (operator === '>=' && number <= 0) || (operator === '>' && number < 0) ? 'always' : 'unknown';
  if (!isKey(inner)) return 'unknown';
  if ((operator === '>' || operator === '>=') && number <= 0) return 'always';
  if ((operator === '<>' || operator === '!=') && number <= 0) return 'always';
  return 'unknown';
}

const NEVER_NEGATIVE = new Set([
  'length',
  'char_length',
  'character_length',
  'octet_length',
  'len',
  'abs',
  'cardinality',
]);

function conjunction(truths: readonly Truth[]): Truth {
  if (truths.includes('never')) return 'never';
  return truths.every((truth) => truth === 'always') ? 'always' : 'unknown';
}

/** `a or not a`, `a is null or a is not null`, `a = 1 or a <> 1`, `a < 5 or a >= 5`. */
function disjunction(args: readonly Term[], deeper: (term: Term) => Truth): Truth {
  const flat = args.flatMap((arg) => (arg.kind === 'apply' && arg.name === 'or' ? arg.args : [arg]));
  const truths = flat.map(deeper);
  if (truths.includes('always')) return 'always';
  const keys = new Set(flat.map(keyOf));
  const complements = flat.some((term) => complementsOf(term).some((complement) => keys.has(complement)));
  if (complements) return 'always';
  return truths.every((truth) => truth === 'never') ? 'never' : 'unknown';
}

const COMPLEMENT: { readonly [operator: string]: readonly string[] } = {
  '=': ['<>', '!='],
  '<>': ['='],
  '!=': ['='],
  '<': ['>='],
  '>=': ['<', '<='],
  '>': ['<='],
  '<=': ['>', '>='],
  'is null': ['is not null'],
  'is not null': ['is null'],
  'is true': ['is not true'],
  'is false': ['is not false'],
  like: ['not like'],
  ilike: ['not ilike'],
  in: ['not in'],
  'is distinct from': ['is not distinct from'],
};

function complementsOf(term: Term): readonly string[] {
  const negated = keyOf({ kind: 'apply', name: 'not', args: [term] });
  if (term.kind !== 'apply') return [negated];
  const others = (COMPLEMENT[term.name] ?? []).map((name) => keyOf({ ...term, name }));
  // `id <> 5 or id <> 6` holds of every row as well.
  return [negated, ...others];
}

function dependsOnRow(term: Term, depth: number): boolean {
  if (depth > MAX_DEPTH) return true;
  switch (term.kind) {
    case 'constant':
      return false;
    case 'column':
    case 'wholeRow':
      return true;
    case 'subquery':
      return term.chooses || term.value === undefined || dependsOnRow(term.value, depth + 1);
    case 'other':
      return term.columns;
    default:
      return term.args.some((arg) => dependsOnRow(arg, depth + 1));
  }
}

/** Only what plainly folds: `false`, `1 = 2`, `not true`. Anything else without a column counts as no condition. */
function foldsToFalse(term: Term): boolean {
  if (term.kind === 'constant')
    return (
      term.value === false ||
      term.value === null ||
      term.value === 0 ||
      /^(f|false|n|no|off|0)$/i.test(String(term.value))
    );
  if (term.kind !== 'apply') return false;
  const [left, right] = term.args;
  if (term.name === 'cast') return left !== undefined && foldsToFalse(left);
  if (term.name === 'and') return term.args.some(foldsToFalse);
  if (term.name === 'or') return term.args.every(foldsToFalse);
  if (term.name === 'not') return left?.kind === 'constant' && !foldsToFalse(left);
  if (left?.kind !== 'constant' || right?.kind !== 'constant') return false;
  if (typeof left.value !== typeof right.value) return false;
  if (term.name === '=' || term.name === '==') return left.value !== right.value;
  if (term.name === '<>' || term.name === '!=') return left.value === right.value;
  if (typeof left.value !== 'number' || typeof right.value !== 'number') return false;
  if (term.name === '<') return !(left.value < right.value);
  if (term.name === '>') return !(left.value > right.value);
  return false;
}

/** A column that names the row: being present, positive or not empty says nothing. */
function isKey(term: Term): boolean {
  const inner = term.kind === 'apply' && term.name === 'cast' ? term.args[0] : term;
  return inner?.kind === 'column' && /(^|_|\.)(id|key|pk|uuid|guid|rowid|oid|ctid|xmin|tableoid)$/i.test(inner.name);
}

function sameThing(left: Term, right: Term): boolean {
  if (right.kind === 'subquery')
    return (
      left.kind === 'column' &&
      !right.chooses &&
      right.column !== undefined &&
      lastName(left.name) === lastName(right.column)
    );
  // `t.id = id` is one column, `t.id = s.id` joins two.
  if (left.kind === 'column' && right.kind === 'column')
    return (
      keyOf(left) === keyOf(right) ||
      (lastName(left.name) === lastName(right.name) && !(left.name.includes('.') && right.name.includes('.')))
    );
  return left.kind !== 'other' && right.kind !== 'other' && keyOf(left) === keyOf(right);
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}

function keyOf(term: Term): string {
  if (term.kind === 'column') return `c:${term.name.toLowerCase()}`;
  if (term.kind !== 'apply') return JSON.stringify(term);
  return `${term.name}(${term.args.map(keyOf).join(',')})`;
}

function opposite(truth: Truth): Truth {
  if (truth === 'unknown') return truth;
  return truth === 'always' ? 'never' : 'always';
}
