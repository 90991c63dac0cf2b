/**
 * SQL, shell and the like: the very text that would run, with what the parser marked in it. Headlines come from the
 * parsed text alone; what could not be parsed says so (DG-21).
 */
import type { AnalysedCode } from '../../model/classification.ts';
import type { Section } from '../../model/effect-view.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';
import { shellView } from './shell-view.ts';
import { isTexts, type ShownCode, shellWord } from './shown-code.ts';
import { sqlView } from './sql-view.ts';
import type { ViewPart } from './view-part.ts';
import { actionWords, code, headline, nameList } from './words.ts';

const CODE_NAMES = ['sql', 'query', 'statement', 'statements', 'command', 'cmd', 'script', 'code', 'input'];

export function codeView(operation: Operation): ViewPart | undefined {
  const codes = codesOf(operation);
  const [first] = codes;
  if (first === undefined) return undefined;
  const part =
    first.language === 'sql'
      ? sqlView(codes, operation)
      : first.language === 'shell'
        ? shellView(codes, operation)
        : otherView(codes, operation);
  return {
    ...part,
    sections: [...(part.sections ?? []), ...codes.flatMap(codeSections)],
    shown: shownWhole(codes, operation.call.arguments),
  };
}

/** What the classifier looked into; where it looked into nothing, arguments that are code by their names. */
function codesOf({ call, classification }: Operation): readonly ShownCode[] {
  const language = classification.domain === 'database' ? 'sql' : 'shell';
  const named = CODE_NAMES.map((argumentName): AnalysedCode => ({ argumentName, language }));
  const found = classification.code ?? [];
  return (found.length > 0 ? found : named).flatMap((each) => {
    const value = each.value ?? memberOf(call.arguments, each.argumentName);
    const isCode = each.value !== undefined || typeof value === 'string' || isTexts(value);
    return value === undefined || !isCode ? [] : [{ ...each, value }];
  });
}

function memberOf(args: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

const TITLES = { sql: 'Statement', shell: 'Command', json: 'Command', text: 'Code' } as const;

function codeSections({ language, value, marks = [] }: ShownCode): readonly Section[] {
  const title = TITLES[language];
  if (typeof value === 'string') return [{ kind: 'code', title, language, text: value, marks }];
  if (isTexts(value) && language === 'shell')
    return [{ kind: 'code', title, language, text: value.map(shellWord).join(' '), marks: [] }];
  if (isTexts(value))
    return value.map((text, index) => ({
      kind: 'code',
      title: value.length === 1 ? title : `${title} ${index + 1} of ${value.length}`,
      language,
      text,
      marks: [],
    }));
  return [{ kind: 'code', title, language: 'json', text: JSON.stringify(value, null, 2), marks: [] }];
}

/** Arguments whose every character stands in a section. Words of a command are quoted there, so they do not. */
function shownWhole(codes: readonly ShownCode[], args: JsonObject): readonly string[] {
  return codes
    .filter(({ value, language }) => typeof value === 'string' || (isTexts(value) && language !== 'shell'))
    .filter(({ value, argumentName }) => memberOf(args, argumentName) === value)
    .map(({ argumentName }) => argumentName);
}

function otherView(codes: readonly ShownCode[], { call, classification }: Operation): ViewPart {
  const act = codes.flatMap(({ acts = [] }) => acts)[0];
  const names = (act?.objects ?? []).map(({ name }) => name);
  const known = classification.uninterpreted !== true && act?.action !== undefined;
  return {
    headline: known
      ? headline`${actionWords(act.action ?? '')} ${nameList(names)} on ${call.serverId}`
      : classification.uninterpreted
        ? headline`Run code that could not be interpreted by ${code(call.toolName)} on ${call.serverId}`
        : headline`Run code by ${code(call.toolName)} on ${call.serverId}`,
    consequence:
      classification.effect === 'delete'
        ? 'Runs the text below as it is. It can delete or destroy.'
        : 'Runs the text below as it is.',
    names,
    confirmName: names.length === 1 ? names[0] : undefined,
    ...(classification.effect === 'delete' ? { approveLabel: 'Run the code' } : {}),
  };
}
