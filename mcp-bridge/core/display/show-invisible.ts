/**
 * Draws what cannot be seen. Text from an AI client or an upstream server is cut into plain runs and escapes such as
 * `⟨U+202E⟩`, so that no character of it can reverse, hide, blank out or break what a person reads (DG-01…05).
 *
 * Escaped: controls C0 and C1, bidirectional controls, Default_Ignorable_Code_Point (zero-width, soft hyphen,
 * variation selectors, tag characters, Hangul fillers), every other format character, separators but U+0020, private
 * use, unassigned, lone surrogates, letters that draw nothing, and a fifth combining mark in a row.
 * Linear time. Joining the `text` of all segments gives the string a screen reader and a log get.
 */
type VisibleSegment = {
  readonly text: string;
  /** True: ours, to be styled as an escape. False: characters of the value itself. */
  readonly escaped: boolean;
  readonly codePoint?: number | undefined;
};

export type ShowOptions = {
  /** single-line draws ↵ and ⇥ in place of breaks and tabs; multi-line keeps LF and tab as they are. */
  readonly lines: 'single-line' | 'multi-line';
  /** A run of that many or more spaces is drawn as `⟨10000 spaces⟩` (DG-06). Default 40. */
  readonly spaceRunLength?: number | undefined;
};

// Letters and symbols that are assigned, not ignorable, and yet draw nothing or an empty box.
const BLANKS = '\\u{2800}\\u{FFFC}\\u{16FE4}\\u{1D159}\\u{13441}\\u{13442}';
const UNSEEN = `[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}${BLANKS}]`;
const UNUSUAL_SPACE = '(?! )\\p{Zs}';
const PRINTABLE = /^[\x21-\x7e]*$/;
const FIFTH_MARK = '(?<=\\p{M}{4})\\p{M}';

/** Whether any character of the text would be drawn as an escape; breaks and tabs count in single-line. */
export function hasInvisible(text: string, options: ShowOptions = { lines: 'single-line' }): boolean {
  // nothing of printable ASCII is drawn, and most names and words are nothing else
  if (PRINTABLE.test(text)) return false;
  for (const [matched] of text.matchAll(patternFor(options))) if (draw(matched, options.lines).escaped) return true;
  return false;
}

/** The same as one string, for logs and accessible names. */
export function visibleText(text: string, options: ShowOptions = { lines: 'single-line' }): string {
  return showInvisible(text, options)
    .map((segment) => segment.text)
    .join('');
}

export function showInvisible(text: string, options: ShowOptions): readonly VisibleSegment[] {
  const pattern = patternFor(options);
  const segments: VisibleSegment[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') segments.push({ text: plain, escaped: false });
    plain = '';
  };
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    plain += text.slice(end, match.index);
    end = match.index + match[0].length;
    const drawn = draw(match[0], options.lines);
    if (!drawn.escaped) {
      plain += drawn.text;
      continue;
    }
    flush();
    segments.push(drawn);
  }
  plain += text.slice(end);
  flush();
  return segments;
}

const USUAL_RUN = 40;
const usualPattern = patternOf(USUAL_RUN);

function patternFor({ spaceRunLength = USUAL_RUN }: ShowOptions): RegExp {
  return spaceRunLength === USUAL_RUN ? usualPattern : patternOf(Math.max(2, spaceRunLength));
}

function patternOf(spaceRun: number): RegExp {
  return new RegExp(` {${spaceRun},}|\\r\\n|${UNSEEN}|${UNUSUAL_SPACE}|${FIFTH_MARK}`, 'gu');
}

function draw(matched: string, lines: ShowOptions['lines']): VisibleSegment {
  const codePoint = matched.codePointAt(0) ?? 0;
  if (codePoint === 0x20) return { text: `⟨${matched.length} spaces⟩`, escaped: true };
  if (matched === '\n' || matched === '\r\n' || matched === '\t') {
    // A break in the Windows form is one break: drawing its CR would mark every line of an ordinary file.
    if (lines === 'multi-line') return { text: matched === '\t' ? '\t' : '\n', escaped: false };
    return { text: matched === '\t' ? '⇥' : '↵', escaped: true, codePoint };
  }
  return { text: `⟨U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}⟩`, escaped: true, codePoint };
}
