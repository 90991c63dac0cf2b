/** SQL, shell and the like: the text itself, with what the parser marked in it. */
import type { Effect } from '../../model/effect.ts';
import type { Section } from '../../model/effect-view.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';
import type { ViewPart } from './view-part.ts';
import { code, headline, machineFact, plainFact } from './words.ts';

type CodeSection = Extract<Section, { kind: 'code' }>;

const CODE_NAMES = ['sql', 'query', 'statement', 'statements', 'command', 'cmd', 'script', 'code', 'input'];
const NOUNS = { database: 'SQL', shell: 'a command', infrastructure: 'a command' } as const;

export function codeView(operation: Operation): ViewPart | undefined {
  const { call, classification, environment } = operation;
  const sections = codeSections(operation);
  if (sections.length === 0) return undefined;
  const objects = (classification.code ?? []).flatMap((found) => found.objects ?? []);
  const where = environment === undefined ? call.serverId : `${call.serverId} (${environment})`;
  const noun = NOUNS[classification.domain as keyof typeof NOUNS] ?? 'code';
  const [object] = objects;
  const known = classification.uninterpreted !== true && classification.action !== undefined && object !== undefined;
  return {
    headline:
      known && object
        ? headline`${actionWords(classification.action ?? '')} ${code(object.name)}${objects.length > 1 ? ` and ${objects.length - 1} more` : ''} in ${where}`
        : headline`Run ${noun} on ${where}`,
    consequence: CONSEQUENCES[classification.effect],
    facts: [
      ...(objects.length === 0 ? [] : [machineFact('Acts on', objects.map((found) => found.name).join(', '))]),
      ...(classification.reasons.length === 0 ? [] : [plainFact('Because', classification.reasons.join(' '))]),
    ],
    sections,
    names: objects.map((found) => found.name),
    confirmName: objects.length === 1 ? object?.name : undefined,
    ...(classification.effect === 'delete'
      ? { approveLabel: `Run ${noun.replace(/^a /, 'the ').replace('SQL', 'the SQL')}` }
      : {}),
  };
}

const CONSEQUENCES: { readonly [Kind in Effect]: string } = {
  read: 'Runs the text below as it is. It only reads.',
  write: 'Runs the text below as it is. It changes something.',
  delete: 'Runs the text below as it is. It can delete or destroy.',
};

function codeSections({ call, classification }: Operation): readonly CodeSection[] {
  const analysed = classification.code ?? [];
  const named = CODE_NAMES.filter((name) => Object.hasOwn(call.arguments, name)).map((argumentName) => ({
    argumentName,
    language: classification.domain === 'database' ? ('sql' as const) : ('shell' as const),
    marks: undefined,
  }));
  return (analysed.length > 0 ? analysed : named).flatMap(({ argumentName, language, marks }) => {
    const text = textAt(call.arguments, argumentName);
    return text === undefined ? [] : [{ kind: 'code', title: argumentName, language, text, marks: marks ?? [] }];
  });
}

/** The value of an argument by its name or dotted path; a list of words is joined, anything else is not code. */
function textAt(args: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(args, name)
    ? args[name]
    : name.split('.').reduce<JsonValue | undefined>((inner, key) => memberOf(inner, key), args);
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(' ');
  return undefined;
}

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
}

function actionWords(action: string): string {
  const words = action.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
