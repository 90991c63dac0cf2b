import { dashboardApi } from '../../lib/surface.ts';
import { useAction } from '../../lib/use-action.ts';
import { FailureAlert } from './alerts.tsx';
import type { Tool } from './tool-review.tsx';

const CHOICES = [
  ['', 'As found'],
  ['read', 'Read'],
  ['write', 'Write'],
  ['delete', 'Delete'],
] as const;
type Choice = (typeof CHOICES)[number][0];

/** The person's own word about a tool; it holds for this very definition, and a change of the tool ends it. */
export function EffectChoice({ tool, serverId }: { readonly tool: Tool; readonly serverId: string }) {
  const pin = useAction((choice: Choice) =>
    dashboardApi().call['tools:pin-effect']({
      serverId,
      toolName: tool.name,
      definitionHash: tool.definitionHash,
      ...(choice === '' ? {} : { effect: choice }),
    }),
  );
  return (
    <div className="row-choice">
      <select
        className="input"
        aria-label={`Treat ${tool.name} as`}
        value={tool.pinnedEffect ?? ''}
        disabled={pin.busy}
        onChange={(event) => void pin.run(event.target.value as Choice)}
      >
        {CHOICES.map(([value, label]) => (
          <option key={label} value={value}>
            {label}
          </option>
        ))}
      </select>
      <FailureAlert failure={pin.failure} />
    </div>
  );
}
