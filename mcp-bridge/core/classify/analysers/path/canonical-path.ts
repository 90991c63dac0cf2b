/**
 * One spelling for a file path, from its text alone (CL-13, CL-23). What the text cannot settle is refused: the upstream
 * might read it another way. Links, mounts and letter case are settled by looking at the disk, which is not done here.
 */
export type CanonicalPath =
  | {
      readonly ok: true;
      readonly path: string;
      readonly absolute: boolean /** Leaves the folder it starts from. */;
      readonly climbs: boolean;
    }
  | { readonly ok: false; readonly reason: string };

const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(\.|$)/i;

export function canonicalPath(text: string): CanonicalPath {
  const refusal = refusalOf(text);
  if (refusal !== undefined) return { ok: false, reason: refusal };
  const drive = /^([A-Za-z]):[\\/]/.exec(text)?.[1];
  const slashed = drive === undefined ? text : text.slice(2).replaceAll('\\', '/');
  const absolute = drive !== undefined || slashed.startsWith('/');
  const segments: string[] = [];
  let climbs = false;
  for (const segment of slashed.normalize('NFC').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else if (!absolute) {
      climbs = true;
      segments.push('..');
    }
  }
  const joined = segments.join('/');
  const prefix = drive === undefined ? (absolute ? '/' : '') : `${drive.toUpperCase()}:/`;
  return { ok: true, path: `${prefix}${joined}` || '.', absolute, climbs };
}

function refusalOf(text: string): string | undefined {
  if (text === '') return 'The path is empty.';
  if (text.length > 4096) return 'The path is longer than any system takes.';
  if (/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u.test(text)) return 'The path holds control or invisible characters.';
  if (/[\uD800-\uDFFF]/.test(text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, '')))
    return 'The path holds half a character.';
  if (/%(25)*(2e|2f|5c|00|c0%|e0%)/i.test(text) || /%u(002e|002f|005c|ff0e|2215)/i.test(text))
    return 'The path holds encoded dots or slashes.';
  if (/[\uFF0E\uFF0F\uFF3C\u2024\u2025\u2026\u2044\u2215\u29F5\u29F8\uFE68\uFE52]/.test(text))
    return 'The path holds characters that look like dots or slashes.';
  if (/^(\\\\|\/\/[^/])/.test(text) || /^\\/.test(text)) return 'The path names another computer or a device.';
  if (/^[a-z][\w+.-]+:\/\//i.test(text)) return 'The path is an address.';
  if (/^~/.test(text) || /\$\{?\w|%\w+%|`|\$\(/.test(text)) return 'The path holds something that may be expanded.';
  const drive = /^[A-Za-z]:/.test(text);
  if (drive && !/^[A-Za-z]:[\\/]/.test(text)) return 'The path depends on the current folder of a drive.';
  if (!drive && text.includes('\\')) return 'The path holds a backslash, which some systems take for a separator.';
  const segments = (drive ? text.slice(2) : text).split(/[\\/]/);
  for (const segment of segments) {
    if (segment === '.' || segment === '..') continue;
    if (/[. ]$/.test(segment)) return 'A part of the path ends in a dot or a space, which some systems drop.';
    if (/^ /.test(segment)) return 'A part of the path begins with a space.';
    if (segment.includes(':')) return 'The path names a stream inside a file.';
    if (/~\d/.test(segment) && /^[^.]{1,8}(\.[^.]{0,3})?$/.test(segment))
      return 'A part of the path may be a short name of another file.';
    if (DEVICE.test(segment)) return 'A part of the path is the name of a device.';
  }
  if (/(^|\/)(proc|dev)\/(self|thread-self|\d+|fd)\b/.test(text.replace(/\/+/g, '/').replace(/\/(\.\/)+/g, '/')))
    return 'The path goes through a process.';
  return undefined;
}

/** Is `path` (canonical) the root or below it? Compared by segments, never by letters: `/srv/data2` is not in `/srv/data`. */
export function isWithin(path: string, root: string): boolean {
  const base = canonicalPath(root);
  if (!base.ok || !base.absolute) return false;
  const folder = base.path.endsWith('/') ? base.path : `${base.path}/`;
  return path === base.path || `${path}/`.startsWith(folder);
}
