import type { ListItem, Section, Span } from '../../model/effect-view.ts';
import type { FileFacts, FileTarget } from '../../model/facts.ts';
import type { ViewPart } from './view-part.ts';
import { byteSize, code, counted, headline, machineFact, plainFact, splitPath } from './words.ts';

export function filesView(facts: FileFacts): ViewPart {
  const { targets, action } = facts;
  const [first] = targets;
  return {
    headline: filesHeadline(facts),
    consequence: CONSEQUENCES[action],
    warnings: [...targets.flatMap((target) => targetWarnings(target, facts)), ...(facts.remarks ?? [])],
    facts: targets.flatMap((target, index) => [
      machineFact(action === 'move' && index > 0 && index === targets.length - 1 ? 'To' : 'Path', target.path),
      plainFact('There now', presentState(target)),
    ]),
    sections: [...diffSection(facts), ...deletionSection(facts)],
    names: targets.map((target) => target.path),
    confirmName: targets.length === 1 && first !== undefined ? splitPath(first.path).name : undefined,
    ...(action === 'delete' ? { approveLabel: `Delete ${extent(facts)}` } : {}),
  };
}

const CONSEQUENCES: { readonly [Action in FileFacts['action']]: string } = {
  create: 'New file on your machine.',
  overwrite: 'The present content is replaced.',
  edit: 'The file is changed in place.',
  move: 'The old path stops existing.',
  'create-folder': 'New folder on your machine.',
  delete: 'Gone for good: it does not go to the trash.',
};

function filesHeadline(facts: FileFacts): readonly Span[] {
  const { action, targets } = facts;
  const [first, second] = targets;
  if (first === undefined) return headline`Change files`;
  const { name, folder } = splitPath(first.path);
  const place = code(folder || '/');
  switch (action) {
    case 'create':
      return headline`Create ${code(name)} in ${place}`;
    case 'overwrite':
      return headline`Overwrite ${code(name)} in ${place}`;
    case 'edit':
      return headline`Edit ${code(name)} in ${place}`;
    case 'create-folder':
      return headline`Create folder ${code(name)} in ${place}`;
    case 'move':
      return second === undefined
        ? headline`Move or rename ${code(first.path)}`
        : headline`Move ${code(first.path)} to ${code(second.path)}`;
    case 'delete':
      return deletionHeadline(facts, first);
  }
}

function deletionHeadline(facts: FileFacts, first: FileTarget): readonly Span[] {
  const size = byteSize(facts.covers?.bytes ?? first.bytes ?? 0);
  if (facts.targets.length === 1 && first.entryKind !== 'folder')
    return headline`Delete ${code(splitPath(first.path).name)} (${size}) in ${code(splitPath(first.path).folder || '/')}`;
  const under = facts.targets.length === 1 ? first.path : commonFolder(facts.targets.map((target) => target.path));
  return headline`Delete ${extent(facts)} (${size}) under ${code(under)}`;
}

function extent({ covers, targets }: FileFacts): string {
  if (covers === undefined) return counted(targets.length, 'file');
  if (covers.files === 0 && covers.folders > 0) return counted(covers.folders, 'empty folder');
  return counted(covers.files, 'file');
}

function targetWarnings(target: FileTarget, { action, targets }: FileFacts): readonly string[] {
  const isDestination = action === 'move' && targets.length > 1 && target === targets.at(-1);
  const mustExist = !isDestination && ['edit', 'move', 'delete'].includes(action);
  return [
    ...(target.outsideRoots ? [`${target.path} is outside the folders that this server was given.`] : []),
    ...(mustExist && !target.exists ? [`${target.path} does not exist.`] : []),
    ...(isDestination && target.exists ? [`${target.path} exists already and may be replaced.`] : []),
    ...(/(^|[\\/])\.git([\\/]|$)/i.test(target.path) ? [`${target.path} is inside a repository’s own folder.`] : []),
  ];
}

function presentState({ exists, entryKind, bytes, modifiedAt }: FileTarget): string {
  if (!exists) return 'Nothing';
  const size = entryKind === 'file' && bytes !== undefined ? `, ${byteSize(bytes)}` : '';
  return `A ${entryKind ?? 'file'}${size}${modifiedAt === undefined ? '' : `, changed ${instant(modifiedAt)}`}`;
}

/** To the minute, in UTC: the same for everyone who looks (DG-26). */
function instant(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso;
}

function diffSection({ diff }: FileFacts): readonly Section[] {
  if (diff.length === 0) return [];
  const added = diff.reduce((sum, file) => sum + file.addedLines, 0);
  const removed = diff.reduce((sum, file) => sum + file.removedLines, 0);
  return [{ kind: 'diff', title: `Change, +${added} −${removed}`, files: diff }];
}

function deletionSection({ action, covers }: FileFacts): readonly Section[] {
  if (action !== 'delete' || covers === undefined) return [];
  const title = `${counted(covers.files, 'file')}, ${counted(covers.folders, 'folder')}, ${byteSize(covers.bytes)}`;
  return [{ kind: 'list', title, items: covers.items.map(deletedItem) }];
}

function deletedItem({ path, entryKind, bytes }: FileTarget): ListItem {
  const size = entryKind !== 'folder' && bytes !== undefined ? byteSize(bytes) : undefined;
  const detail = [entryKind === 'file' ? undefined : entryKind, size].filter(Boolean).join(', ');
  return { name: path, ...(detail === '' ? {} : { detail }) };
}

function commonFolder(paths: readonly string[]): string {
  const [first = '/', ...rest] = paths;
  const segments = splitPath(first).folder.split('/');
  const length = segments.findIndex((segment, index) => rest.some((path) => path.split('/')[index] !== segment));
  return segments.slice(0, length < 0 ? segments.length : length).join('/') || '/';
}
