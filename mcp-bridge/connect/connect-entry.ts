/**
 * Puts our entry into an AI client's configuration, and takes it out again.
 *
 * Taking out tries three ways, each held against the parser before it is used: the exact bytes from before, when nothing
 * was edited since; the same stretch of text elsewhere, when others edited around it; and the entry alone.
 */
import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../core/model/json.ts';
import {
  type ConfigurationFile,
  deleteConfiguration,
  openConfiguration,
  replaceConfiguration,
} from './configuration-file.ts';
import { type ConfigurationFormat, type EntryPlace, edited, holds, isEdit, named } from './configuration-format.ts';
import type { ConnectionRecord, ConnectionRecords } from './connection-records.ts';
import { jsonFormat } from './json-format.ts';
import { spliceBetween } from './text-splice.ts';
import { tomlFormat } from './toml-format.ts';
import { yamlFormat } from './yaml-format.ts';

export const formats = { json: jsonFormat, toml: tomlFormat, yaml: yamlFormat } as const;

export type Target = {
  readonly file: string;
  /** The folder that the file's real path must not leave. */
  readonly root: string;
  readonly notation: keyof typeof formats;
  readonly place: EntryPlace;
  /** What a file that holds nothing yet has to begin with. */
  readonly beginning?: string | undefined;
  readonly records: ConnectionRecords;
  readonly now: () => Date;
};

/** JSON, as the record's schema calls it. */
type Recorded = NonNullable<ConnectionRecord['previous']>['entry'];

export type Connected = { readonly changed: boolean; readonly backup: string | undefined };
export type Disconnected =
  | { readonly outcome: 'removed' | 'restored' | 'deleted-file'; readonly backup: string | undefined }
  | { readonly outcome: 'not-connected' | 'not-ours' };

/** Doing it again changes nothing. @throws AppError 'config.invalid' */
export function connectEntry(target: Target, entry: JsonObject): Connected {
  const { place, records, notation } = target;
  const format = formats[notation];
  const file = openConfiguration(target.file, target.root);
  const present = named(file.path, () => format.look(file.text, place)).entry;
  if (holds(present, entry)) return { changed: false, backup: undefined };
  const record = records.read(file.path, place);
  const standing = record && isOurs(present, record) ? record : undefined;
  // Over an older entry of ours the baseline is what was there before that one.
  const baseline = standing ? undone(file, format, place, standing) : file.text;
  const before = named(file.path, () => ({
    entry: format.look(baseline, place).entry,
    text: format.entryText(baseline, place),
  }));
  const begun = baseline.trim() === '' ? (target.beginning ?? baseline) : baseline;
  const after = edited(file.path, format, place, begun, entry, () => format.put(begun, place, entry));
  const { inserted, ...where } = spliceBetween(baseline, after);
  const written = withoutKeys(entry);
  const holdsKey = !holds(written, entry);
  records.write({
    file: file.path,
    ...place,
    written: written as ConnectionRecord['written'],
    containerCreated: !format.hasContainer(baseline, place),
    fileCreated: standing?.fileCreated ?? file.bytes === undefined,
    ...(before.entry === undefined || before.text === undefined
      ? {}
      : { previous: { text: before.text, entry: before.entry as Recorded } }),
    beforeHash: sha256(baseline),
    afterHash: sha256(after),
    splice: { ...where, insertedLength: inserted.length, ...(holdsKey ? {} : { inserted }) },
  });
  return { changed: true, backup: replaceConfiguration(file, after, target.now(), holdsKey) };
}

/** @throws AppError 'config.invalid' */
export function disconnectEntry(target: Target): Disconnected {
  const { place, records, notation } = target;
  const format = formats[notation];
  const file = openConfiguration(target.file, target.root);
  const present = named(file.path, () => format.look(file.text, place)).entry;
  const record = records.read(file.path, place);
  if (present === undefined) {
    records.remove(file.path, place);
    return { outcome: 'not-connected' };
  }
  if (!isOurs(present, record)) return { outcome: 'not-ours' };
  const text = undone(file, format, place, record);
  const empty = record?.fileCreated === true && /^\s*(\{\s*\}\s*)?$/.test(text);
  const backup = empty ? deleteConfiguration(file, target.now()) : replaceConfiguration(file, text, target.now());
  records.remove(file.path, place);
  if (empty) return { outcome: 'deleted-file', backup };
  return { outcome: record?.previous ? 'restored' : 'removed', backup };
}

/** The text as it would be if we had never connected, with everything that others wrote since. */
function undone(
  { path, text }: ConfigurationFile,
  format: ConfigurationFormat,
  place: EntryPlace,
  record: ConnectionRecord | undefined,
): string {
  const previous = record?.previous;
  if (record) {
    const { at, insertedLength, inserted, removed } = record.splice;
    const bytes = text.slice(0, at) + removed + text.slice(at + insertedLength);
    if (sha256(text) === record.afterHash && sha256(bytes) === record.beforeHash) return bytes;
    const parts = inserted === undefined || inserted === '' ? [] : text.split(inserted);
    const moved = parts.length === 2 ? parts.join(removed) : text;
    const { rest } = named(path, () => format.look(text, place));
    if (moved !== text && isEdit(format, place, rest, moved, previous?.entry)) return moved;
  }
  return edited(path, format, place, text, previous?.entry, () =>
    previous
      ? format.restore(text, place, previous.text)
      : format.remove(text, place, record?.containerCreated ?? false),
  );
}

/** Without a record: what starts our shim, or calls a bridge of this machine, under our name. */
function isOurs(entry: JsonValue | undefined, record: ConnectionRecord | undefined): boolean {
  if (record && holds(entry, record.written)) return true;
  const words = JSON.stringify(entry ?? null);
  return words.includes('stdio-shim.cjs') || /"http:\/\/127\.0\.0\.1:\d+\/mcp/.test(words);
}

const keyHolders = ['headers', 'http_headers', 'requestOptions'];

/** SECURITY(LO-07): the key is in its own file, and in the configuration if it was asked for; in no third place. */
function withoutKeys(entry: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !keyHolders.includes(name))) as JsonObject;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** The text of a file that would hold our entry alone. */
export function snippetOf(notation: keyof typeof formats, place: EntryPlace, entry: JsonObject): string {
  return formats[notation].put('', place, entry);
}
