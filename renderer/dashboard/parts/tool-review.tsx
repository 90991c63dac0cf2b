/** New and changed tools: nothing of them can be called until a person has looked and accepted. */
import { type FormEvent, useId, useState } from 'react';
import type { DashboardState } from '../../../main/ipc/dashboard-state.ts';
import { counted } from '../../lib/numbers.ts';
import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { EffectBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Value } from '../../ui/value.tsx';
import { FailureAlert } from './alerts.tsx';
import type { Server } from './server-state.tsx';
import { ToolDefinition } from './tool-definition.tsx';

export type Tool = DashboardState['servers'][number]['tools'][number];

export function ToolReview({ server }: { readonly server: Server }) {
  const open = server.tools.filter((tool) => tool.review === 'new' || tool.review === 'changed');
  // A tick is for one exact definition: when it changes under the person's eyes, the tick is gone.
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const accept = useAction((tools: readonly Tool[]) =>
    dashboardApi().call['servers:accept-tools']({
      serverId: server.serverId,
      tools: tools.map(({ name, definitionHash }) => ({ toolName: name, definitionHash })),
    }),
  );
  if (open.length === 0) return null;
  const chosen = open.filter((tool) => ticked.has(keyOf(tool)));
  const quiet = open.filter((tool) => tool.findings.length === 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void accept.run(chosen).then((done) => done !== undefined && setTicked(new Set()));
  };
  const tick = (tool: Tool, isTicked: boolean) =>
    setTicked((before) => {
      const after = new Set(before);
      if (isTicked) after.add(keyOf(tool));
      else after.delete(keyOf(tool));
      return after;
    });

  return (
    <form className="review" onSubmit={submit}>
      <fieldset>
        <legend>{counted(open.length, 'tool')} to review</legend>
        <p className="quiet small">
          None of them can be called before you accept it. If its server changes one later, it comes back here.
        </p>
        <ul>
          {open.map((tool) => (
            <ReviewRow key={keyOf(tool)} tool={tool} isTicked={ticked.has(keyOf(tool))} tick={tick} />
          ))}
        </ul>
      </fieldset>
      <FailureAlert failure={accept.failure} />
      <div className="form-actions">
        <Button onClick={() => setTicked(new Set([...ticked, ...quiet.map(keyOf)]))} disabled={quiet.length === 0}>
          Tick all without findings
        </Button>
        <Button kind="primary" submits disabled={accept.busy || chosen.length === 0}>
          {chosen.length === 0 ? 'Accept' : `Accept ${counted(chosen.length, 'tool')}`}
        </Button>
      </div>
    </form>
  );
}

function keyOf(tool: Tool): string {
  return `${tool.name} ${tool.definitionHash}`;
}

type ReviewRowProps = {
  readonly tool: Tool;
  readonly isTicked: boolean;
  readonly tick: (tool: Tool, isTicked: boolean) => void;
};

function ReviewRow({ tool, isTicked, tick }: ReviewRowProps) {
  const boxId = useId();
  return (
    <li className="review-row">
      <input id={boxId} type="checkbox" checked={isTicked} onChange={(event) => tick(tool, event.target.checked)} />
      <div className="review-words">
        <label htmlFor={boxId}>
          <Value text={tool.name} mono />
          <span className="quiet small">{tool.review === 'new' ? ' new' : ' changed'}</span>
        </label>
        <EffectBadge effect={tool.effect} more={tool.decidedByArguments ? 'at worst' : undefined} />
        {tool.findings.map((finding) => (
          <p key={finding} className="finding">
            <Value text={finding} />
          </p>
        ))}
        <ToolDefinition tool={tool} />
      </div>
    </li>
  );
}
