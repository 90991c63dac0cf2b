/** Facts of a call that changes files on this machine: what is there now, and what would be there after it. */
import { dirname, sep } from 'node:path';
import type { Attributes, FileDiff, FileFacts, FileTarget } from '../../core/model/facts.ts';
import type { Reading } from '../git/read-git.ts';
import { readBounded } from '../read-bounded.ts';
import { diffFile } from '../text-diff.ts';
import { Unreadable } from '../unreadable.ts';
import { absolutePath, canonicalRoots, readTarget } from './canonical-path.ts';
import { readCovered } from './covered-by-deletion.ts';
import type { FileCall, TextEdit } from './file-call.ts';

const MAX_COMPARED_BYTES = 4 * 1024 * 1024;

export async function readFiles(
  call: FileCall,
  configuredRoots: readonly string[],
  signal: AbortSignal,
): Promise<Reading> {
  const roots = await canonicalRoots(configuredRoots);
  const named = call.destination === undefined ? call.paths : [...call.paths, call.destination];
  const follow = call.action !== 'delete';
  const targets = await Promise.all(named.map((path) => readTarget(absolutePath(path, roots), roots, follow)));
  const attributes = fileAttributes(targets);
  try {
    return { facts: await readEffect(call, targets, signal), attributes };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { facts: { kind: 'unavailable', reason: error.message }, attributes };
  }
}

async function readEffect(call: FileCall, targets: readonly FileTarget[], signal: AbortSignal): Promise<FileFacts> {
  const [target] = targets;
  if (target === undefined) throw new Unreadable('The call names no file.');
  const action = call.action === 'overwrite' && !target.exists ? 'create' : call.action;
  const facts = { kind: 'files', action, targets, diff: [] } as const;
  if (action === 'delete') {
    const covers = await readCovered(targets, signal);
    return { ...facts, covers };
  }
  if (call.content !== undefined && targets.length === 1)
    return { ...facts, diff: await readDiff(target, () => call.content ?? '') };
  if (call.edits !== undefined && targets.length === 1) return { ...facts, ...(await readEdited(target, call.edits)) };
  return facts;
}

async function readDiff(target: FileTarget, next: (present: string) => string): Promise<readonly FileDiff[]> {
  const present = target.exists ? await readPresent(target) : undefined;
  const after = Buffer.from(next(present?.toString('utf8') ?? ''), 'utf8');
  const before = present === undefined ? undefined : { bytes: present };
  return [
    diffFile({ path: target.path, status: target.exists ? 'modified' : 'added', before, after: { bytes: after } }),
  ];
}

async function readPresent(target: FileTarget): Promise<Buffer> {
  if (target.entryKind !== 'file') throw new Unreadable('What is there now is not a file.');
  if ((target.bytes ?? 0) > MAX_COMPARED_BYTES)
    throw new Unreadable('The file that is there now is larger than 4 MiB, too large to be compared.');
  return readBounded(target.path, MAX_COMPARED_BYTES);
}

/** Edits as @modelcontextprotocol/server-filesystem makes them where the old text is there word for word. */
async function readEdited(
  target: FileTarget,
  edits: readonly TextEdit[],
): Promise<Pick<FileFacts, 'diff' | 'remarks'>> {
  if (!target.exists) return { diff: [], remarks: ['The file to edit does not exist.'] };
  let missed = 0;
  const diff = await readDiff(target, (present) =>
    edits.reduce((text, { oldText, newText }) => {
      const old = unixLines(oldText);
      if (text.includes(old)) return text.replace(old, () => unixLines(newText));
      missed += 1;
      return text;
    }, unixLines(present)),
  );
  if (missed === 0) return { diff };
  return {
    diff: [],
    remarks: ['Not all of the text to replace is in the file word for word; the edits are shown as given.'],
  };
}

function unixLines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** `path` is what guardrails look at: of several, one inside a repository's own folder comes first (CL-10). */
function fileAttributes(targets: readonly FileTarget[]): Attributes {
  const inRepository = targets.find(({ path }) => path.split(sep).some((part) => part.toLowerCase() === '.git'));
  const target = inRepository ?? targets[0];
  return target === undefined ? {} : { path: target.path, folder: dirname(target.path) };
}
