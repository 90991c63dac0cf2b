/** sqlparser's expression variants as `Term`, for the question whether a WHERE chooses among rows. */
import type { Constant, Term } from './condition.ts';
import { isFields, type PgFields } from './postgres-tree.ts';

const MAX_DEPTH = 60;
const UNKNOWN: Term = { kind: 'other', columns: true };

export function dialectTerm(value: unknown, depth = 0): Term {
  if (!isFields(value) || depth > MAX_DEPTH) return UNKNOWN;
  const tag = Object.keys(value)[0] ?? '';
  const body = value[tag];
  const fields: PgFields = isFields(body) ? body : {};
  const term = (inner: unknown) => dialectTerm(inner, depth + 1);
  switch (tag) {
    case 'Nested':
      return term(body);
    case 'Identifier':
      return { kind: 'column', name: String(fields['value'] ?? '') };
    case 'CompoundIdentifier':
      return { kind: 'column', name: namesOf(body).join('.') };
    case 'Value':
      return literalOf(fields['value']);
    case 'IsNull':
    case 'IsNotNull':
    case 'IsTrue':
    case 'IsNotTrue':
    case 'IsFalse':
    case 'IsNotFalse':
      return apply(
        tag
          .replace(/([A-Z])/g, ' $1')
          .trim()
          .toLowerCase(),
        [term(body)],
      );
    case 'UnaryOp':
      return apply(String(fields['op']).toLowerCase() === 'not' ? 'not' : 'sign', [term(fields['expr'])]);
    case 'BinaryOp':
      return apply(OPERATORS[String(fields['op'])] ?? 'other', [term(fields['left']), term(fields['right'])]);
    case 'Like':
    case 'ILike':
    case 'RLike': {
      const name = { Like: 'like', ILike: 'ilike', RLike: 'regexp' }[tag];
      return apply(fields['negated'] === true ? `not ${name}` : name, [term(fields['expr']), term(fields['pattern'])]);
    }
    case 'Between': {
      const between = apply('and', [
        apply('>=', [term(fields['expr']), term(fields['low'])]),
        apply('<=', [term(fields['expr']), term(fields['high'])]),
      ]);
      return fields['negated'] === true ? apply('not', [between]) : between;
    }
    case 'InList': {
      const list = Array.isArray(fields['list']) ? fields['list'] : [];
      return apply(fields['negated'] === true ? 'not in' : 'in', [term(fields['expr']), ...list.map(term)]);
    }
    case 'InSubquery':
      return apply(fields['negated'] === true ? 'not in' : 'in', [
        term(fields['expr']),
        subqueryOf(fields['subquery'], depth),
      ]);
    case 'Exists':
      return fields['negated'] === true ? UNKNOWN : apply('exists', [subqueryOf(fields['subquery'], depth)]);
    case 'Subquery':
      return subqueryOf(body, depth);
    case 'Cast':
      return apply('cast', [term(fields['expr'])]);
    case 'Function':
      return apply(namesOf(fields['name']).at(-1)?.toLowerCase() ?? '', argumentsOf(fields).map(term));
    default:
      return UNKNOWN;
  }
}

const OPERATORS: { readonly [op: string]: string } = {
  And: 'and',
  Or: 'or',
  Eq: '=',
  NotEq: '<>',
  Lt: '<',
  LtEq: '<=',
  Gt: '>',
  GtEq: '>=',
  Spaceship: '<=>',
  Plus: '+',
  Minus: '-',
  Multiply: '*',
  Modulo: '%',
  Match: 'match',
  Regexp: 'regexp',
};

/** `[{Identifier: {value}}]` and `[{value}]` alike. */
export function namesOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.map((part) => {
    const identifier = isFields(part) && isFields(part['Identifier']) ? part['Identifier'] : part;
    return isFields(identifier) ? String(identifier['value'] ?? '') : '';
  });
}

function argumentsOf(fields: PgFields): readonly unknown[] {
  const args = isFields(fields['args']) && isFields(fields['args']['List']) ? fields['args']['List']['args'] : [];
  if (!Array.isArray(args)) return [];
  return args.map((arg) => {
    const unnamed = isFields(arg) && isFields(arg['Unnamed']) ? arg['Unnamed'] : undefined;
    return unnamed?.['Expr'];
  });
}

function subqueryOf(query: unknown, depth: number): Term {
  const fields = isFields(query) ? query : {};
  const body = isFields(fields['body']) ? fields['body']['Select'] : undefined;
  if (!isFields(body)) return { kind: 'subquery', chooses: true };
  const from = Array.isArray(body['from']) ? body['from'] : [];
  const chooses =
    ['selection', 'having', 'top'].some((name) => body[name] !== undefined) || fields['limit_clause'] !== undefined;
  const projection = Array.isArray(body['projection']) ? body['projection'][0] : undefined;
  const target =
    isFields(projection) && projection['UnnamedExpr'] !== undefined
      ? dialectTerm(projection['UnnamedExpr'], depth + 1)
      : undefined;
  return {
    kind: 'subquery',
    chooses,
    ...(target?.kind === 'column' ? { column: target.name } : {}),
    ...(from.length === 0 && target !== undefined ? { value: target } : {}),
  };
}

function literalOf(value: unknown): Term {
  if (value === 'Null') return { kind: 'constant', value: null };
  if (!isFields(value)) return { kind: 'other', columns: false };
  const tag = Object.keys(value)[0] ?? '';
  const body = value[tag];
  const constant: Constant =
    tag === 'Number' ? Number(Array.isArray(body) ? body[0] : body) : tag === 'Boolean' ? body === true : String(body);
  if (tag === 'Placeholder') return { kind: 'other', columns: true };
  return { kind: 'constant', value: constant };
}

function apply(name: string, args: readonly Term[]): Term {
  return { kind: 'apply', name, args };
}
