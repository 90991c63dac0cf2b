/** PostgreSQL's expression nodes as `Term`, for the question whether a WHERE chooses among rows. */
import type { Constant, Term } from './condition.ts';
import { isFields, namesIn, nodeOf, nodesIn, type PgFields, type PgNode, textIn } from './postgres-tree.ts';

const MAX_DEPTH = 60;
const UNKNOWN: Term = { kind: 'other', columns: true };

export function postgresTerm(value: unknown, depth = 0): Term {
  const node = nodeOf(value);
  if (node === undefined || depth > MAX_DEPTH) return UNKNOWN;
  const { tag, fields } = node;
  const inner = (name: string) => postgresTerm(fields[name], depth + 1);
  const list = (name: string) =>
    nodesIn(fields, name).map((item) => postgresTerm({ [item.tag]: item.fields }, depth + 1));
  switch (tag) {
    case 'A_Const':
      return { kind: 'constant', value: constantOf(fields) };
    case 'ParamRef':
    case 'SQLValueFunction':
      return { kind: 'other', columns: tag === 'ParamRef' };
    case 'ColumnRef':
      return columnOf(fields);
    case 'TypeCast':
      return castOf(fields, inner('arg'));
    case 'CollateClause':
      return inner('arg');
    case 'BoolExpr':
      return apply(
        { AND_EXPR: 'and', OR_EXPR: 'or', NOT_EXPR: 'not' }[textIn(fields, 'boolop')] ?? 'other',
        list('args'),
      );
    case 'NullTest':
      return apply(textIn(fields, 'nulltesttype') === 'IS_NULL' ? 'is null' : 'is not null', [inner('arg')]);
    case 'BooleanTest':
      return apply(BOOLEAN_TESTS[textIn(fields, 'booltesttype')] ?? 'other', [inner('arg')]);
    case 'CoalesceExpr':
      return apply('coalesce', list('args'));
    case 'MinMaxExpr':
      return apply('extreme', list('args'));
    case 'CaseExpr':
      return apply('case', [
        ...nodesIn(fields, 'args').map((when) => postgresTerm(when.fields['result'], depth + 1)),
        fields['defresult'] === undefined ? { kind: 'constant', value: false } : inner('defresult'),
      ]);
    case 'FuncCall':
      return apply(namesIn(fields, 'funcname').at(-1) ?? '', list('args'));
    case 'SubLink':
      return subLink(fields, depth);
    case 'A_Expr':
      return operatorOf(fields, inner('lexpr'), depth);
    case 'A_ArrayExpr':
      return apply('array', list('elements'));
    case 'RowExpr':
      return apply('row', list('args'));
    case 'List':
      return apply('list', list('items'));
    default:
      return UNKNOWN;
  }
}

const BOOLEAN_TESTS: { readonly [test: string]: string } = {
  IS_TRUE: 'is true',
  IS_NOT_TRUE: 'is not true',
  IS_FALSE: 'is false',
  IS_NOT_FALSE: 'is not false',
  IS_UNKNOWN: 'is null',
  IS_NOT_UNKNOWN: 'is not unknown',
};

function operatorOf(fields: PgFields, left: Term, depth: number): Term {
  const kind = textIn(fields, 'kind');
  const symbol = namesIn(fields, 'name').at(-1) ?? '';
  const right = postgresTerm(fields['rexpr'], depth + 1);
  switch (kind) {
    case 'AEXPR_OP':
      return apply(symbol === '~~' ? 'like' : symbol, fields['lexpr'] === undefined ? [right] : [left, right]);
    case 'AEXPR_LIKE':
      return apply(symbol === '!~~' ? 'not like' : 'like', [left, right]);
    case 'AEXPR_ILIKE':
      return apply(symbol === '!~~*' ? 'not ilike' : 'ilike', [left, right]);
    case 'AEXPR_SIMILAR':
      // The pattern arrives wrapped in similar_to_escape().
      return apply('similar', [left, right.kind === 'apply' && right.args[0] !== undefined ? right.args[0] : right]);
    case 'AEXPR_DISTINCT':
      return apply('is distinct from', [left, right]);
    case 'AEXPR_NOT_DISTINCT':
      return apply('is not distinct from', [left, right]);
    case 'AEXPR_IN':
      return apply(symbol === '<>' ? 'not in' : 'in', [left, ...(right.kind === 'apply' ? right.args : [right])]);
    case 'AEXPR_OP_ANY':
      return apply(symbol === '=' ? 'in' : 'other', [left, ...(right.kind === 'apply' ? right.args : [right])]);
    case 'AEXPR_NULLIF':
      return apply('nullif', [left, right]);
    case 'AEXPR_BETWEEN':
    case 'AEXPR_BETWEEN_SYM': {
      const [low, high] = right.kind === 'apply' ? right.args : [];
      if (low === undefined || high === undefined) return UNKNOWN;
      return apply('and', [apply('>=', [left, low]), apply('<=', [left, high])]);
    }
    default:
      return UNKNOWN;
  }
}

function subLink(fields: PgFields, depth: number): Term {
  const select = nodeOf(fields['subselect']);
  const subquery = subqueryOf(select, depth);
  const test = postgresTerm(fields['testexpr'], depth + 1);
  switch (textIn(fields, 'subLinkType')) {
    case 'EXISTS_SUBLINK':
      return apply('exists', [subquery]);
    case 'ANY_SUBLINK': {
      const operator = namesIn(fields, 'operName').at(-1);
      return operator === undefined || operator === '=' ? apply('in', [test, subquery]) : UNKNOWN;
    }
    default:
      return subquery;
  }
}

function subqueryOf(select: PgNode | undefined, depth: number): Term {
  if (select?.tag !== 'SelectStmt') return { kind: 'subquery', chooses: true };
  const { fields } = select;
  const chooses =
    textIn(fields, 'op') !== 'SETOP_NONE' ||
    ['whereClause', 'havingClause', 'groupClause', 'limitCount', 'limitOffset'].some(
      (name) => fields[name] !== undefined,
    );
  const target = nodesIn(fields, 'targetList')[0]?.fields['val'];
  const term = target === undefined ? undefined : postgresTerm(target, depth + 1);
  return {
    kind: 'subquery',
    chooses,
    ...(term?.kind === 'column' ? { column: term.name } : {}),
    ...(fields['fromClause'] === undefined && term !== undefined ? { value: term } : {}),
  };
}

function columnOf(fields: PgFields): Term {
  const names = namesIn(fields, 'fields');
  return names.at(-1) === '*' ? { kind: 'wholeRow' } : { kind: 'column', name: names.join('.') };
}

/** `'yes'::bool` folds; any other cast is looked through. */
function castOf(fields: PgFields, arg: Term): Term {
  const typeName = fields['typeName'];
  const type = isFields(typeName) ? (namesIn(typeName, 'names').at(-1) ?? '') : '';
  if (type === 'bool' && arg.kind === 'constant')
    return { kind: 'constant', value: !/^(f|fa|fal|fals|false|n|no|off|of|0)$/i.test(String(arg.value).trim()) };
  return apply('cast', [arg]);
}

function constantOf(fields: PgFields): Constant {
  const read = (name: string, member: string) => {
    const value = fields[name];
    return isFields(value) ? value[member] : undefined;
  };
  if (fields['isnull'] === true) return null;
  if (isFields(fields['ival'])) return Number(read('ival', 'ival') ?? 0);
  if (isFields(fields['fval'])) return Number(read('fval', 'fval') ?? 0);
  if (isFields(fields['boolval'])) return read('boolval', 'boolval') === true;
  return String(read('sval', 'sval') ?? read('bsval', 'bsval') ?? '');
}

function apply(name: string, args: readonly Term[]): Term {
  return { kind: 'apply', name, args };
}
