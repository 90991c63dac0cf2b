/**
 * File paths (CL-13). A path does nothing by itself, so one that is plain and inside the roots adds no effect: `read`.
 * One that leaves them, or points into a `.git` folder, raises the call to a write; one that cannot be settled from its
 * text is not interpreted. What the disk adds (links, hard links, mounts) is a matter of facts, not of this module.
 */
import type { JsonValue } from '../../../model/json.ts';
import { couldNotInterpret, type Finding, verdictOf } from '../findings.ts';
import type { ArgumentAnalyser } from '../ports.ts';
import { canonicalPath, isWithin } from './canonical-path.ts';

const MAX_PATHS = 5_000;

export const analysePath: ArgumentAnalyser = (value, context) => {
  const paths = pathsOf(value);
  if (paths === undefined || paths.length === 0 || paths.length > MAX_PATHS)
    return couldNotInterpret('files', 'There is no path to interpret.');
  return verdictOf(
    paths.map((path) => pathFinding(path, context.roots)),
    'files',
  );
};

function pathFinding(text: string, roots: readonly string[] | undefined): Finding {
  const canonical = canonicalPath(text);
  if (!canonical.ok) return { effect: 'delete', uninterpreted: true, reason: canonical.reason };
  const objects = [{ kind: 'path', name: canonical.path }];
  if (canonical.climbs)
    return { effect: 'write', action: 'outside', reason: 'The path climbs out of the folder it starts from.', objects };
  const outside = canonical.absolute && roots !== undefined && !roots.some((root) => isWithin(canonical.path, root));
  if (outside)
    return {
      effect: 'write',
      action: 'outside',
      reason: 'The path is outside the folders that the server was given.',
      objects,
    };
  if (/(^|\/)\.git(\/|$)/i.test(canonical.path))
    return {
      effect: 'write',
      action: 'git-folder',
      domain: 'version-control',
      reason: 'The path is inside the folder that git keeps its history in.',
      objects,
    };
  return { effect: 'read', reason: 'The path is plain.', objects };
}

function pathsOf(value: JsonValue): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return undefined;
  return value.every((item: JsonValue) => typeof item === 'string') ? (value as readonly string[]) : undefined;
}
