/**
 * Everything a definition says about its tool, before any call: words, description and the arguments that decide.
 * All of it is untrusted; where two of its parts disagree, the worse one is believed.
 */
import type { JsonValue } from '../model/json.ts';
import type { ToolDefinition } from '../model/tool.ts';
import { readDescription } from './names/read-description.ts';
import { readName } from './names/read-name.ts';
import { wordsOf } from './names/words.ts';
import { actionArguments, bindingOnly } from './schema/action-argument.ts';
import { codeArguments } from './schema/code-argument.ts';
import { deleteFlags } from './schema/delete-flags.ts';
import { type Property, propertiesOf } from './schema/properties.ts';
import type { ToolReading } from './tool-reading.ts';
import { weighWords } from './weigh-words.ts';

/** What a runner runs when it is not a job of the server's own: `run_command`, `execute_python`. */
const runnable = new Set(
  `code command commands cmd script scripts sql statement statements shell terminal bash powershell python javascript js
   typescript node program cli expression snippet applescript osascript repl query queries process raw procedure procedures method methods`.split(
    /\s+/,
  ),
);

export function readTool(tool: ToolDefinition, serverWords: ReadonlySet<string>): ToolReading {
  const toolName = typeof tool.name === 'string' ? tool.name : '';
  const description = typeof tool.description === 'string' ? tool.description : '';
  const named = readName(toolName, serverWords, description.slice(0, 2_000).toLowerCase());
  const described = readDescription(description);
  const properties = propertiesOf(tool.inputSchema as JsonValue);
  const own = withOutputFile(
    weighWords(toolName, named, described, description.slice(0, 2_000).toLowerCase()),
    properties,
  );
  const runs = own.runs || (named === undefined && described.runs);
  const words = named?.words ?? wordsOf(toolName);
  const text = `${words.join(' ')} ${[...serverWords].join(' ')} ${description.slice(0, 2_000)}`.toLowerCase();
  const looks = own.effect === 'read' && own.certainty === 'sure' && named?.certainty === 'sure' && !runs;
  // A tool that makes requests is named for the request, not for what it does with it.
  const requests = own.verb === 'make' || words.some((word) => requesting.has(word));
  const changes = own.effect !== 'read' && own.nameBinds && !runs && !requests;
  const stores = changes && keeping.has(own.verb ?? '') && words.some((word) => kept.has(word));
  const studies = studying.has(own.verb ?? '');
  const code = codeArguments(properties, { text, verb: own.verb, runs, looks, changes, stores, studies });
  const runsAnything =
    runs && code.length === 0 && words.some((word) => runnable.has(word)) && !described.promisesReadOnly;
  const actions = looks ? bindingOnly(actionArguments(properties)) : actionArguments(properties, changes);
  // Deleting is one of the acts to choose from, and that is what its description speaks of.
  const chosen = own.effect === 'delete' && named?.effect === 'write' && named.certainty !== 'vague';
  const byChoice =
    chosen && actions.some(({ depth, effects }) => depth === 0 && [...effects.values()].includes('delete'));
  return {
    ...own,
    ...(byChoice ? { effect: 'write' as const } : {}),
    ...(runsAnything
      ? { effect: 'delete' as const, nameBinds: true, reasons: ['It runs what it is given.', ...own.reasons] }
      : {}),
    runs,
    words,
    promisesReadOnly: described.promisesReadOnly,
    actions,
    code,
    flags: deleteFlags(properties, { words, verb: own.verb, looks, reads: own.effect === 'read' && !runs }),
  };
}

/** Exporting is reading until the caller may say which file it goes to. */
function withOutputFile<Own extends Pick<ToolReading, 'effect' | 'verb' | 'reasons'>>(
  own: Own,
  properties: readonly Property[],
): Own {
  const file = properties.find(({ name }) => outputFile.has(wordsOf(name).join('')));
  if (own.verb !== 'export' || own.effect !== 'read' || !file) return own;
  return { ...own, effect: 'write', reasons: [`It writes to the file in \`${file.name}\`.`, ...own.reasons] };
}

const outputFile = new Set(
  'outputpath outputfile outputdir outdir outpath outfile destination destinationpath savepath targetpath'.split(' '),
);

const requesting = new Set(['api', 'http', 'https', 'rest', 'endpoint']);

const keeping = new Set(['create', 'update', 'save', 'add', 'edit']);
const kept = new Set('query queries question card report dashboard chart snippet alert monitor template'.split(' '));

const studying = new Set('analyze analyse validate verify lint parse format beautify repair fix check'.split(' '));
