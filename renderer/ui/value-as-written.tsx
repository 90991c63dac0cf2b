import { CodeBlock } from './code-block.tsx';
import { Value } from './value.tsx';

/** From that length on a text is drawn row by row, so that no length can hang the window (EL-22). */
const LONG_TEXT = 2000;

/** In one line where the text is one line, framed otherwise; all of it in any case. */
export function ValueAsWritten({ text, mono }: { readonly text: string; readonly mono?: boolean | undefined }) {
  if (text.length > LONG_TEXT) {
    return (
      <div className="frame">
        <CodeBlock text={text} marks={[]} />
      </div>
    );
  }
  const lines = /[\r\n\u2028\u2029\u0085]/.test(text) ? 'multi-line' : 'single-line';
  return <Value text={text} mono={mono} lines={lines} />;
}
