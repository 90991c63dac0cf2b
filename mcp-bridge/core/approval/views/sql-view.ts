/** What SQL does, told by its parsed statements: the worst first, and how many more. */
import type { AnalysedAct } from '../../model/classification.ts';
import type { ListItem, Span } from '../../model/effect-view.ts';
import type { Operation } from '../../model/operation.ts';
import type { ShownCode } from './shown-code.ts';
import type { ViewPart } from './view-part.ts';
import { actionWords, counted, headline, machineFact, nameList } from './words.ts';

export function sqlView(codes: readonly ShownCode[], { call, classification, environment }: Operation): ViewPart {
  const acts = worstFirst(codes.flatMap((each) => each.acts ?? []));
  const objects = [...new Set(acts.flatMap((act) => act.objects ?? []).map(({ name }) => name))];
  const where = environment === undefined ? `on ${call.serverId}` : `in ${environment}`;
  const [worst] = acts;
  const unread = classification.uninterpreted === true || codes.some(({ uninterpreted }) => uninterpreted);
  const isDelete = classification.effect === 'delete';
  if (unread || worst === undefined)
    return {
      headline: unread ? headline`Run SQL that could not be interpreted ${where}` : headline`Run SQL ${where}`,
      consequence: unread
        ? 'What it does is not known, so the worst is assumed.'
        : 'Runs the text below as it is; its parser found nothing but reading.',
      warnings: warningsOf(acts),
      facts: objectFacts(objects),
      names: objects,
      ...(isDelete ? { approveLabel: 'Run the SQL' } : {}),
    };
  const more = acts.length - 1;
  const worstNames = (worst.objects ?? []).map(({ name }) => name);
  return {
    headline: headline`${phrase(worst)} ${where}${extent(worst)}${more === 0 ? '' : `, and ${counted(more, 'more change')}`}`,
    consequence: consequenceOf(worst),
    warnings: warningsOf(acts),
    facts: objectFacts(objects),
    sections: more === 0 ? [] : [{ kind: 'list', title: 'What it does, the worst first', items: acts.map(item) }],
    names: objects,
    confirmName: worstNames.length === 1 ? worstNames[0] : undefined,
    ...(isDelete ? { approveLabel: more === 0 ? approveLabel(worst) : 'Run the SQL' } : {}),
  };
}

const RANKS: readonly RegExp[] = [
  /^drop/,
  /^truncate/,
  /-all-rows$/,
  /^run-code/,
  /^alter|^rename|^replace/,
  /^delete/,
];

function worstFirst(acts: readonly AnalysedAct[]): readonly AnalysedAct[] {
  const rank = ({ effect, action = '' }: AnalysedAct) => {
    const found = RANKS.findIndex((pattern) => pattern.test(action));
    return (effect === 'delete' ? 0 : 100) + (found < 0 ? RANKS.length : found);
  };
  return [...acts].sort((a, b) => rank(a) - rank(b));
}

function phrase(act: AnalysedAct): readonly (string | Span)[] {
  const { action = '', objects = [] } = act;
  const names = nameList(objects.map(({ name }) => name));
  const [verb, after = ''] = VERBS[action] ?? [];
  if (/^drop(-|$)/.test(action)) return [`DROP ${droppedKind(act).toUpperCase()} `, ...names];
  if (objects.length === 0) return [WITHOUT_OBJECT[action] ?? actionWords(action)];
  if (verb !== undefined) return [verb, ...names, after];
  if (action.startsWith('alter-table-'))
    return ['ALTER TABLE ', ...names, `: ${action.slice('alter-table-'.length).replaceAll('-', ' ')}`];
  return [`${actionWords(action)} `, ...names];
}

/** DG-22: how far it reaches stands in the headline, behind the place. */
function extent({ action, everyRow }: AnalysedAct): string {
  if (everyRow === 'no-where') return ' without WHERE: every row';
  return everyRow === 'always-true' || action === 'truncate' ? ': every row' : '';
}

const VERBS: { readonly [action: string]: readonly [string, string?] } = {
  truncate: ['TRUNCATE '],
  'delete-all-rows': ['DELETE from '],
  'update-all-rows': ['UPDATE '],
  'delete-rows': ['DELETE rows from '],
  update: ['Update rows of '],
  insert: ['Insert into '],
  merge: ['Merge rows into '],
  'copy-from': ['Load rows into '],
  'copy-to-file': ['Overwrite a file on the database server with '],
  'select-into': ['Create table ', ' from a query'],
  rename: ['Rename '],
  call: ['Call '],
};

const WITHOUT_OBJECT: { readonly [action: string]: string } = {
  'run-code': 'Run code inside the database',
  lock: 'Lock rows',
  set: 'Change a setting',
  grant: 'Change privileges',
  transaction: 'Leave a transaction open or closed',
  'alter-system': 'Change the configuration of the whole database server',
};

function droppedKind({ action = '', objects = [] }: AnalysedAct): string {
  return (action === 'drop' ? (objects[0]?.kind ?? 'object') : action.slice('drop-'.length)).replaceAll(/[-_]/g, ' ');
}

function consequenceOf(act: AnalysedAct): string {
  const { action = '', effect } = act;
  if (/^drop(-|$)/.test(action)) return 'It is gone with everything in it.';
  if (action === 'truncate' || action === 'delete-all-rows') return 'The table is left empty.';
  if (action === 'update-all-rows') return 'The values that every row holds now are lost.';
  if (action === 'delete-rows') return 'Every row that its WHERE matches is gone.';
  if (action === 'insert') return 'Adds rows to what is there.';
  return effect === 'delete' ? 'It can delete or destroy what the database holds.' : 'Changes what the database holds.';
}

function approveLabel(act: AnalysedAct): string {
  const { action = '' } = act;
  if (/^drop-(table|view|schema|database|index|function|trigger)$/.test(action)) return `Drop the ${droppedKind(act)}`;
  const labels: { readonly [name: string]: string } = {
    truncate: 'Empty the table',
    'delete-all-rows': 'Delete every row',
    'update-all-rows': 'Overwrite every row',
    'delete-rows': 'Delete the rows',
  };
  return (Object.hasOwn(labels, action) ? labels[action] : undefined) ?? 'Run the SQL';
}

function warningsOf(acts: readonly AnalysedAct[]): readonly string[] {
  const cascades = acts.some(({ reason }) => reason.includes('everything that depends on it'));
  return [
    ...(acts.some(({ everyRow }) => everyRow === 'no-where') ? ['No WHERE: it reaches every row.'] : []),
    ...(acts.some(({ everyRow }) => everyRow === 'always-true') ? ['Its WHERE is true of every row.'] : []),
    ...(cascades ? ['CASCADE: everything that depends on it goes too.'] : []),
  ];
}

function objectFacts(objects: readonly string[]) {
  return objects.length === 0 ? [] : [machineFact('Acts on', objects.join(', '))];
}

const EFFECT_WORDS = { read: 'reads', write: 'changes', delete: 'deletes' } as const;

function item(act: AnalysedAct): ListItem {
  const text = phrase(act).map((part) => (typeof part === 'string' ? part : part.text));
  return { name: text.join('') + extent(act), detail: EFFECT_WORDS[act.effect] };
}
