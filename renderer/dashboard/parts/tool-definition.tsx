import { useMemo } from 'react';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Diff } from '../../ui/diff.tsx';
import { Value } from '../../ui/value.tsx';
import { indented, lineDiff } from './line-diff.ts';
import type { Tool } from './tool-review.tsx';

/** What a server says of a tool, why it has its effect, and the exact definition: one press away. */
export function ToolDefinition({ tool }: { readonly tool: Tool }) {
  return (
    <details className="definition">
      <summary>
        {tool.before === undefined ? 'Definition and reasons' : 'Difference and reasons'}
        <span className="visually-hidden">
          {' of '}
          <Value text={tool.name} />
        </span>
      </summary>
      <ul className="reasons">
        {tool.reasons.map((reason) => (
          <li key={reason}>
            <Value text={reason} />
          </li>
        ))}
      </ul>
      <p className="quiet small">The server describes it as:</p>
      <Value text={tool.description} lines="multi-line" />
      {tool.before === undefined ? (
        <div className="frame">
          <CodeBlock text={indented(tool.now)} marks={[]} />
        </div>
      ) : (
        <DefinitionDiff name={tool.name} before={tool.before} now={tool.now} />
      )}
    </details>
  );
}

type DefinitionDiffProps = { readonly name: string; readonly before: string; readonly now: string };

function DefinitionDiff({ name, before, now }: DefinitionDiffProps) {
  const file = useMemo(() => {
    const lines = lineDiff(indented(before), indented(now));
    return {
      path: name,
      status: 'modified',
      binary: false,
      addedLines: lines.filter((line) => line.kind === 'added').length,
      removedLines: lines.filter((line) => line.kind === 'removed').length,
      hunks: [{ header: 'reviewed definition → present definition', lines }],
    } as const;
  }, [name, before, now]);
  return <Diff files={[file]} />;
}
