import { memo, useState } from 'react';
import type { ApprovalState } from '../../main/ipc/approval-state.ts';
import type { Claim } from '../../mcp-bridge/core/model/effect-view.ts';
import { counted } from '../lib/numbers.ts';
import { EffectBadge } from '../ui/badge.tsx';
import type { Ticks } from '../ui/choices.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { SectionView } from '../ui/section-view.tsx';
import { Value } from '../ui/value.tsx';
import { ValueAsWritten } from '../ui/value-as-written.tsx';

type ApprovalBodyProps = { readonly approval: ApprovalState; readonly ticks?: Ticks | undefined };

/** Drawn once: a request does not change while it is on screen, only the clock around it does. */
export const ApprovalBody = memo(function ApprovalBody({ approval, ticks }: ApprovalBodyProps) {
  const { view } = approval;
  return (
    <>
      <div className="approval-head">
        <p className="approval-badges">
          <EffectBadge effect={view.effect} more={view.irreversible ? 'cannot be undone' : undefined} />
          {view.environment === undefined ? null : (
            <span className="badge badge-environment">
              <Value text={view.environment} />
            </span>
          )}
        </p>
        <h1>
          {view.headline.map((span, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the spans of one immutable headline never change places
            <Value key={index} text={span.text} mono={span.style === 'code'} />
          ))}
        </h1>
        <p className="approval-consequence">
          <Value text={view.consequence} />
        </p>
        <Warnings approval={approval} />
      </div>
      {view.facts.length === 0 ? null : (
        <dl className="approval-facts">
          {view.facts.map((fact) => (
            <div key={`${fact.label}-${fact.value}`}>
              <dt>
                <Value text={fact.label} />
              </dt>
              <dd>
                <ValueAsWritten text={fact.value} mono={fact.machineMade} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {view.sections.map((section, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the sections of one immutable view never change places
        <SectionView key={index} section={section} ticks={ticks} />
      ))}
      {view.claims.map((claim) => (
        <ClaimView key={`${claim.by}-${claim.text}`} claim={claim} approval={approval} />
      ))}
      <ExactArguments approval={approval} />
    </>
  );
});

/** The very bytes that would be sent, one press away; drawn when asked for, since they may be long. */
function ExactArguments({ approval }: { readonly approval: ApprovalState }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="exact-arguments" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        Exact arguments of <Value text={approval.toolName} mono /> on <Value text={approval.serverId} mono />
      </summary>
      {isOpen ? (
        <div className="frame">
          <CodeBlock text={approval.canonicalArguments} marks={[]} language="json" />
        </div>
      ) : null}
    </details>
  );
}

function Warnings({ approval }: { readonly approval: ApprovalState }) {
  const { view, deniedBefore } = approval;
  const denied = `You denied this ${deniedBefore === 1 ? 'once' : counted(deniedBefore, 'time')} before in this session.`;
  const warnings = deniedBefore > 0 ? [...view.warnings, denied] : view.warnings;
  if (warnings.length === 0) return null;
  return (
    <ul className="approval-warnings" aria-label="Warnings">
      {warnings.map((warning) => (
        <li key={warning}>
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
            <path
              d="M6 0.8 L11.6 11 L0.4 11 Z M6 4.2 V7.6 M6 9 V9.6"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.2"
            />
          </svg>
          <Value text={warning} />
        </li>
      ))}
    </ul>
  );
}

function ClaimText({ text }: { readonly text: string }) {
  return text.length > 2000 ? <ValueAsWritten text={text} /> : <Value text={text} />;
}

/** SECURITY(DG-21): what others say about the call stands apart, in quotation marks, as theirs. */
function ClaimView({ claim, approval }: { readonly claim: Claim; readonly approval: ApprovalState }) {
  return (
    <blockquote className="claim">
      <strong>
        {claim.by === 'mcp-client' ? (
          <Value text={approval.mcpClientName} />
        ) : (
          <>
            The server <Value text={approval.serverId} />
          </>
        )}
        {' says:'}
      </strong>{' '}
      “<ClaimText text={claim.text} />” <span className="claim-note">Not checked by Countersign.</span>
    </blockquote>
  );
}
