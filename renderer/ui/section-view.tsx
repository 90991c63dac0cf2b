import { Fragment, type ReactNode, useId } from 'react';
import type { Section } from '../../mcp-bridge/core/model/effect-view.ts';
import { counted } from '../lib/numbers.ts';
import { ArgumentTree } from './argument-tree.tsx';
import { Choices, type Ticks } from './choices.tsx';
import { CodeBlock } from './code-block.tsx';
import { Diff } from './diff.tsx';
import { ItemList } from './item-list.tsx';
import { Value } from './value.tsx';
import { ValueAsWritten } from './value-as-written.tsx';

type SectionViewProps = {
  readonly section: Section;
  /** What was ticked, and the way to tick, where the section has choices. */
  readonly ticks?: Ticks | undefined;
};

export function SectionView({ section, ticks }: SectionViewProps) {
  switch (section.kind) {
    case 'diff':
      return (
        <Titled title={section.title}>
          <Diff files={section.files} />
        </Titled>
      );
    case 'list':
      return (
        <Titled title={section.title} more={counted(section.items.length, 'item')}>
          <div className="frame">
            <ItemList items={section.items} />
          </div>
        </Titled>
      );
    case 'code':
      return (
        <Titled title={section.title} more={LANGUAGE_WORDS[section.language]}>
          <div className="frame">
            <CodeBlock text={section.text} marks={section.marks} language={section.language} />
          </div>
        </Titled>
      );
    case 'choices':
      return (
        <Titled title={section.title} more={counted(section.choices.length, 'choice')}>
          <Choices choices={section.choices} ticks={ticks} />
        </Titled>
      );
    case 'message':
      return <MessageView section={section} />;
    case 'request':
      return <RequestView section={section} />;
    case 'arguments':
      return (
        <Titled title={section.title}>
          <div className="frame">
            <ArgumentTree fields={section.fields} />
          </div>
        </Titled>
      );
  }
}

const LANGUAGE_WORDS = { sql: 'SQL', shell: 'Shell', json: 'JSON', text: 'Text' } as const;

type Titled = { readonly title: string; readonly more?: string; readonly children: ReactNode };

function Titled({ title, more, children }: Titled) {
  const titleId = useId();
  return (
    <section aria-labelledby={titleId}>
      <h2 id={titleId} className="section-title">
        <Value text={title} />
        {more === undefined ? null : <span className="quiet"> · {more}</span>}
      </h2>
      {children}
    </section>
  );
}

function MessageView({ section }: { readonly section: Extract<Section, { kind: 'message' }> }) {
  const recipients = section.recipients.reduce((sum, { names }) => sum + names.length, 0);
  return (
    <Titled title="Message" more={counted(recipients, 'recipient')}>
      <div className="frame">
        <dl className="message-head">
          {section.recipients.map(({ label, names }) => (
            <Fragment key={label}>
              <dt>
                <Value text={label} />
              </dt>
              <dd>
                <ItemList items={names.map((name) => ({ name }))} />
              </dd>
            </Fragment>
          ))}
          {section.subject === undefined ? null : (
            <>
              <dt>Subject</dt>
              <dd>
                <ValueAsWritten text={section.subject} />
              </dd>
            </>
          )}
        </dl>
        <div className="message-body">
          <CodeBlock text={section.body} marks={[]} />
        </div>
        {section.attachments === undefined ? null : (
          <dl className="message-head message-attachments">
            <dt>Attached</dt>
            <dd>
              <ItemList items={section.attachments} />
            </dd>
          </dl>
        )}
      </div>
    </Titled>
  );
}

function RequestView({ section }: { readonly section: Extract<Section, { kind: 'request' }> }) {
  return (
    <Titled title="Request">
      <div className="frame">
        <p className="request-line">
          <Value text={section.method} mono /> <Value text={section.url} mono />
        </p>
        {section.headers.length === 0 ? null : (
          <dl className="request-headers">
            {section.headers.map((header, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: headers may repeat and never change places
              <div key={index}>
                <dt>
                  <Value text={header.label} mono />
                </dt>
                <dd>
                  <Value text={header.value} mono />
                </dd>
              </div>
            ))}
          </dl>
        )}
        {section.body === undefined ? null : <CodeBlock text={section.body} marks={[]} />}
      </div>
    </Titled>
  );
}
