import type { ResponseOf } from '../../../main/ipc/contract.ts';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { CopyButton } from './copy-button.tsx';
import { Card, useFocusOnOpen } from './page.tsx';

export type NewKey = ResponseOf<'mcp-clients:pair'>;

/** SECURITY(I5): the key lives in this component only, until the person goes on. */
export function KeyCard({ newKey, onDone }: { readonly newKey: NewKey; readonly onDone: () => void }) {
  const key = useFocusOnOpen<HTMLDivElement>();
  return (
    <Card
      title="Key created"
      note="It is shown this once. Countersign keeps only its fingerprint."
      actions={<Button onClick={onDone}>Done</Button>}
    >
      <div className="form">
        <div className="copy-line" ref={key} tabIndex={-1}>
          <span className="field-label">Key</span>
          <Value text={newKey.key} mono lines="multi-line" />
          <CopyButton text={newKey.key} what="the key" />
        </div>
        <div className="copy-line">
          <span className="field-label">Address</span>
          <Value text={newKey.url} mono lines="multi-line" />
          <CopyButton text={newKey.url} what="the address" />
        </div>
        <p className="quiet small">
          Run the command of your AI client in a terminal: it writes that client's own configuration, keeps a copy of
          what was there, and puts no key in it. Or open the lines below it and copy them by hand.
        </p>
        {newKey.snippets.map((snippet) => (
          <SnippetLines key={snippet.title} snippet={snippet} />
        ))}
      </div>
    </Card>
  );
}

function SnippetLines({ snippet }: { readonly snippet: NewKey['snippets'][number] }) {
  const { title, command, text } = snippet;
  return (
    <div className="form">
      <div className="copy-line">
        <span className="field-label">
          <Value text={title} />
        </span>
        <Value text={command} mono lines="multi-line" />
        <CopyButton text={command} what={`the command for ${title}`} />
      </div>
      <details>
        <summary className="small">
          By hand<span className="visually-hidden"> {title}</span>
        </summary>
        <div className="copy-line">
          <span className="field-label">Lines</span>
          <Value text={text} mono lines="multi-line" />
          <CopyButton text={text} what={`the lines for ${title}`} />
        </div>
      </details>
    </div>
  );
}
