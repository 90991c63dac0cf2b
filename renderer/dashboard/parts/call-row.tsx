import type { DashboardState } from '../../../main/ipc/dashboard-state.ts';
import { duration, shortTime } from '../../lib/numbers.ts';
import { EffectBadge } from '../../ui/badge.tsx';
import { Value } from '../../ui/value.tsx';
import { mcpClientName, useDashboard } from '../dashboard-context.ts';

export type Call = DashboardState['calls'][number];

/** What became of a call, in a word or three. A refusal is no alarm: it is what this is for. */
const OUTCOMES = {
  succeeded: { word: 'Done', tone: 'quiet' },
  failed: { word: 'Failed', tone: 'bad' },
  refused: { word: 'Refused', tone: 'plain' },
  denied: { word: 'You denied it', tone: 'plain' },
  expired: { word: 'Not answered in time', tone: 'quiet' },
  withdrawn: { word: 'Withdrawn', tone: 'quiet' },
  pending: { word: 'Waiting for you', tone: 'waiting' },
  'not-sent': { word: 'Not sent', tone: 'quiet' },
  unknown: { word: 'Outcome unknown', tone: 'bad' },
} as const satisfies Record<NonNullable<Call['outcome']>, { word: string; tone: string }>;

const DECISIONS = {
  permit: 'Allowed without asking',
  prompt: 'Asked you',
  forbid: 'Refused without asking',
} as const satisfies Record<Call['decision'], string>;

export function outcomeWord(call: Call): string {
  return call.outcome === undefined ? 'Running' : OUTCOMES[call.outcome].word;
}

/** One call; its reasons open on a press. */
export function CallRow({ call }: { readonly call: Call }) {
  const { state, nowMs } = useDashboard();
  const tone = call.outcome === undefined ? 'waiting' : OUTCOMES[call.outcome].tone;
  return (
    <details className="call">
      <summary>
        <time dateTime={call.at} className="call-time">
          {shortTime(call.at, nowMs)}
        </time>
        <span className="call-badge">
          <EffectBadge effect={call.effect} />
        </span>
        <span className="call-words">
          <Value text={call.headline} />
          <span className="quiet small call-from">
            <Value text={mcpClientName(state, call.mcpClientId)} /> · <Value text={call.serverId} /> ·{' '}
            <Value text={call.toolName} mono />
          </span>
        </span>
        <span className={`call-outcome tone-${tone}`}>{outcomeWord(call)}</span>
      </summary>
      <div className="call-reasons">
        <p>
          {DECISIONS[call.decision]}
          {call.durationMs === undefined ? '' : `, took ${duration(call.durationMs)}`}
        </p>
        <ul>
          {call.reasons.map((reason) => (
            <li key={reason}>
              <Value text={reason} />
            </li>
          ))}
          {call.detail === undefined ? null : (
            <li>
              <Value text={call.detail} />
            </li>
          )}
        </ul>
      </div>
    </details>
  );
}
