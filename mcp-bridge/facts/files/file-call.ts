/** What a file tool is asked to do, whichever server offers it. */
import type { Classification } from '../../core/model/classification.ts';
import type { FileFacts } from '../../core/model/facts.ts';
import type { JsonObject, JsonValue } from '../../core/model/json.ts';
import { textOf, textsOf } from '../arguments.ts';

export type FileCall = {
  readonly action: FileFacts['action'];
  readonly paths: readonly string[];
  readonly destination?: string | undefined;
  /** The whole new content, where the call gives it. */
  readonly content?: string | undefined;
  readonly edits?: readonly TextEdit[] | undefined;
};
export type TextEdit = { readonly oldText: string; readonly newText: string };

const PATHS = [
  'path',
  'filePath',
  'file_path',
  'filepath',
  'file',
  'filename',
  'directory',
  'dir',
  'folder',
  'uri',
  'target',
];
const SOURCES = ['source', 'src', 'from', 'sourcePath', 'source_path', 'old_path', 'oldPath', ...PATHS];
const DESTINATIONS = ['destination', 'dest', 'to', 'destinationPath', 'destination_path', 'new_path', 'newPath'];
const LISTS = ['paths', 'files', 'filePaths', 'file_paths'];

const ACTIONS: readonly (readonly [RegExp, FileFacts['action']])[] = [
  [/delete|remove|unlink|trash|\brm\b|rmdir|purge|erase|wipe/, 'delete'],
  [/move|rename|\bmv\b/, 'move'],
  [/mkdir|(create|make|new|add) .*(directory|folder|dir)\b/, 'create-folder'],
  [/edit|patch|replace|insert|modify|append/, 'edit'],
  [/write|save|create|put|upload|overwrite|store|copy/, 'overwrite'],
];

/** Undefined when the tool's name does not say what it does to files, or the arguments name none. */
export function readFileCall(
  toolName: string,
  toolArguments: JsonObject,
  classification: Classification,
): FileCall | undefined {
  const words = `${classification.action ?? ''} ${toolName}`
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .replace(/[_.-]+/g, ' ');
  const action = ACTIONS.find(([pattern]) => pattern.test(words))?.[1];
  if (action === undefined) return undefined;
  const destination = textOf(toolArguments, DESTINATIONS);
  const isCopy = action === 'overwrite' && /copy/.test(words);
  // A copy changes only the place it goes to.
  const path = isCopy ? destination : textOf(toolArguments, action === 'move' ? SOURCES : PATHS);
  const listed = isCopy ? [] : LISTS.flatMap((name) => textsOf(toolArguments[name]));
  const paths = [...(path === undefined ? [] : [path]), ...listed];
  if (paths.length === 0) return undefined;
  const content = ['content', 'contents', 'text', 'data'].map((name) => toolArguments[name]).find(isText);
  return {
    action,
    paths,
    ...(destination === undefined || action !== 'move' ? {} : { destination }),
    ...(action === 'overwrite' && content !== undefined ? { content } : {}),
    ...(action === 'edit' ? { edits: readEdits(toolArguments['edits']) } : {}),
  };
}

function readEdits(value: JsonValue | undefined): readonly TextEdit[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const edits = (value as readonly JsonValue[]).map((edit) => {
    const { oldText, newText } = (edit ?? {}) as { oldText?: unknown; newText?: unknown };
    return typeof oldText === 'string' && typeof newText === 'string' ? { oldText, newText } : undefined;
  });
  return edits.every((edit): edit is TextEdit => edit !== undefined) ? edits : undefined;
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string';
}
