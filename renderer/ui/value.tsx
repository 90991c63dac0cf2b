/**
 * Text that the AI client, the upstream server or the world wrote: inert, in an element of its own, every character
 * that cannot be seen drawn as an escape. SECURITY(DG-01…05, DG-09, DG-10): text nodes only.
 */
import { type ShowOptions, showInvisible } from '../../mcp-bridge/core/display/show-invisible.ts';

type ValueProps = {
  readonly text: string;
  readonly mono?: boolean | undefined;
  /** A text of several lines stands in a frame, so that no line of it can pass for one of ours (DG-04). */
  readonly lines?: ShowOptions['lines'];
};

export function Value({ text, mono = false, lines = 'single-line' }: ValueProps) {
  const className = ['value', mono && 'value-mono', lines === 'multi-line' && 'value-box'].filter(Boolean).join(' ');
  return (
    <span className={className} dir="ltr">
      <VisibleText text={text} lines={lines} />
    </span>
  );
}

export function VisibleText({ text, lines }: { readonly text: string; readonly lines: ShowOptions['lines'] }) {
  if (text === '') return <span className="quiet">empty</span>;
  return showInvisible(text, { lines }).map((segment, index) =>
    segment.escaped ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the segments of one immutable text never change places
      <span key={index} className="escape">
        {segment.text}
      </span>
    ) : (
      segment.text
    ),
  );
}
