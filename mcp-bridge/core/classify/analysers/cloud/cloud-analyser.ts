/**
 * kubectl, helm, terraform, cloud and forge command lines (CL-10, CL-16).
 *
 * First match wins: 1. a verb or option that destroys  2. a verb that runs code  3. a verb that reads, when every option
 * before it is known and none changes anything  4. whatever the tool's table says of the rest. A tool that has no table
 * is not interpreted.
 */
import { isJsonObject, type JsonValue } from '../../../model/json.ts';
import { couldNotInterpret, type Finding, quoted, verdictOf } from '../findings.ts';
import type { AnalyserVerdict, ArgumentAnalyser } from '../ports.ts';
import { fixedWords, textOf, type Word } from '../words.ts';
import { QUIET_FLAGS, TOOLS, type Tool } from './cloud-tables.ts';

export function isCloudTool(name: string): boolean {
  return Object.hasOwn(TOOLS, name);
}

export function cloudFindings(name: string, args: readonly Word[]): readonly Finding[] {
  const tool = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
  if (tool === undefined)
    return [{ effect: 'delete', uninterpreted: true, reason: `${quoted(name)} is not a known tool.` }];
  const { path, certain } = verbPath(args, tool);
  const texts = args.map(textOf);
  const finding = (
    effect: Finding['effect'],
    reason: string,
    action = path.split(' ').slice(0, 2).join('-'),
  ): readonly Finding[] => [
    {
      effect,
      action,
      domain: tool.domain,
      reason,
      objects: path
        .split(' ')
        .slice(2, 6)
        .filter(Boolean)
        .map((object) => ({ kind: 'resource', name: object })),
    },
  ];
  if (name === 'gh' || name === 'glab') {
    const api = /^api(?= |$)/.test(path) ? forgeApi(texts) : undefined;
    if (api !== undefined) return [{ ...api, domain: 'version-control' }];
  }
  // `--unknown get delete pods`: the verb may be the word after the first.
  const words = path.split(' ');
  const other = [...words.slice(0, certain), ...words.slice(certain + 1)].join(' ');
  const destroys = tool.destroys.test(path) || tool.destroys.test(other) || isScaledToNothing(texts);
  if (destroys) return finding('delete', `${name} ${verbOf(path, tool.destroys)} removes or interrupts something.`);
  const reading = tool.reads.exec(path);
  const verbWords = reading === null ? 0 : reading[0].split(' ').length;
  const fixed = args.every((word) => word.text !== undefined);
  const changing = texts.some((text) => tool.changingOptions?.test(text) === true);
  if (
    reading !== null &&
    fixed &&
    !changing &&
    verbWords <= certain &&
    !(name === 'terraform' && texts.some((text) => /destroy/.test(text) && text.startsWith('-')))
  )
    return finding('read', `${name} ${reading[0]} only reads.`);
  if (texts.some((text) => tool.destroyingOptions?.test(text) === true))
    return finding('delete', `${name} is told to remove or overwrite what is in the way.`);
  if (tool.runs?.test(path) === true)
    return finding('delete', `${name} ${verbOf(path, tool.runs)} runs code that cannot be seen into.`, 'run-code');
  if (tool.versionControl?.test(path) === true)
    return finding(
      'write',
      `${name} ${path.split(' ').slice(0, 2).join(' ')} changes version-controlled code.`,
      path.split(' ')[1] ?? path,
    );
  if (path === '' && fixed && texts.every((text) => QUIET_FLAGS.test(text) || tool.flags.test(text)))
    return finding('read', `${name} only shows its help.`);
  return finding(tool.otherwise, `${name} ${path.split(' ').slice(0, 2).join(' ')} changes something.`);
}

/**
 * The plain words, and how many of them are certain: behind an option that the table does not know, a word may be that
 * option's value.
 */
function verbPath(args: readonly Word[], tool: Tool): { readonly path: string; readonly certain: number } {
  const path: string[] = [];
  let certain = Number.POSITIVE_INFINITY;
  for (let at = 0; at < args.length; at++) {
    const text = args[at]?.text;
    if (text === '--') break;
    if (text === undefined) {
      certain = Math.min(certain, path.length);
      path.push('?');
    } else if (!text.startsWith('-') || text === '-') path.push(text.replace(/\s/g, '_'));
    else if (tool.valued.test(text)) at += 1;
    else if (!tool.flags.test(text) && !QUIET_FLAGS.test(text)) certain = Math.min(certain, path.length);
  }
  return { path: path.join(' '), certain };
}

function verbOf(path: string, pattern: RegExp): string {
  return pattern.exec(path)?.[0] ?? path.split(' ')[0] ?? '';
}

function isScaledToNothing(texts: readonly string[]): boolean {
  return texts.some((text, index) => text === '--replicas=0' || (text === '--replicas' && texts[index + 1] === '0'));
}

/** `gh api` is the forge itself: GET reads, unless fields are given, which make it a POST. */
function forgeApi(texts: readonly string[]): Finding {
  const at = texts.findIndex((text) => /^(-X|--method)$/.test(text));
  const attached = texts.find((text) => /^(-X.|--method=)/.test(text));
  const method = (at >= 0 ? (texts[at + 1] ?? '') : (attached?.replace(/^(-X|--method=)/, '') ?? '')).toUpperCase();
  const sends = texts.some((text) => /^(-[fF]|--field|--raw-field|--input)/.test(text));
  const graphql = texts.some((text) => /graphql/i.test(text));
  const harmless = texts.every(
    (text) =>
      !text.startsWith('-') ||
      /^(-X.*|--method.*|--paginate|--slurp|-q|--jq(=.*)?|-t|--template(=.*)?|-i|--include|--silent|--cache(=.*)?|-p|--preview(=.*)?|-H|--header(=.*)?|--hostname(=.*)?|--verbose)$/.test(
        text,
      ),
  );
  const overrides = texts.some((text) => /method-override/i.test(text));
  if (/^(GET|HEAD)?$/.test(method) && !sends && !graphql && harmless && !overrides)
    return { effect: 'read', action: 'api', reason: 'The forge is only asked (GET).' };
  if (method === 'DELETE' || graphql || overrides || !/^(POST|PUT|PATCH|GET|HEAD|)$/.test(method))
    return {
      effect: 'delete',
      action: 'api',
      reason: `The forge is told to ${method === 'DELETE' ? 'delete something' : 'do something that cannot be seen into'}.`,
    };
  return { effect: 'write', action: 'api', reason: 'The forge is told to change something, which may be code.' };
}

/** An argument vector with or without the tool's name; or `{command, args}`. The tool may come from the configuration. */
function cloudAnalyser(defaultTool: string | undefined): ArgumentAnalyser {
  return (value, context): AnalyserVerdict => {
    const argv = argvOf(value);
    if (argv === undefined || argv.length === 0)
      return couldNotInterpret('infrastructure', 'The command could not be interpreted.');
    const first = (argv[0] ?? '').replace(/^.*\//, '');
    const known = isCloudTool(first);
    const tool = known
      ? first
      : context.dialect !== undefined && isCloudTool(context.dialect)
        ? context.dialect
        : defaultTool;
    if (tool === undefined) return couldNotInterpret('infrastructure', `${quoted(first)} is not a known tool.`);
    return verdictOf(cloudFindings(tool, fixedWords(known ? argv.slice(1) : argv)), 'infrastructure');
  };
}

export const analyseKubernetes: ArgumentAnalyser = cloudAnalyser('kubectl');
export const analyseCloudCli: ArgumentAnalyser = cloudAnalyser(undefined);

function argvOf(value: JsonValue): readonly string[] | undefined {
  if (Array.isArray(value))
    return value.every((item: JsonValue) => typeof item === 'string' && !item.includes('\0'))
      ? (value as readonly string[])
      : undefined;
  if (typeof value === 'string') return splitLine(value);
  if (!isJsonObject(value)) return undefined;
  const args = value['args'] ?? value['arguments'] ?? [];
  const command = value['command'];
  const rest = argvOf(args);
  if (rest === undefined) return undefined;
  const head = typeof command === 'string' ? splitLine(command) : [];
  return head === undefined ? undefined : [...head, ...rest];
}

/** A line of plain or simply quoted words; anything a shell would act on is refused. */
function splitLine(line: string): readonly string[] | undefined {
  const words: string[] = [];
  const pattern = /\s*(?:'([^']*)'|"([^"$`\\]*)"|((?:[^\s'"$`\\;&|<>(){}*?[\]!#~\p{Cc}])+))(?=\s|$)/uy;
  while (pattern.lastIndex < line.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(line);
    if (match === null) return line.slice(at).trim() === '' ? words : undefined;
    words.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return words;
}
