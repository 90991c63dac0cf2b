import type { Effect } from '../../mcp-bridge/core/model/effect.ts';

const WORDS = { read: 'Read', write: 'Write', delete: 'Delete' } as const satisfies Record<Effect, string>;

/** Colour is never alone: a shape and a word say the same. */
export function EffectBadge({ effect, more }: { readonly effect: Effect; readonly more?: string | undefined }) {
  return (
    <span className={`badge badge-${effect}`}>
      <Shape effect={effect} />
      {more === undefined ? WORDS[effect] : `${WORDS[effect]} · ${more}`}
    </span>
  );
}

function Shape({ effect }: { readonly effect: Effect }) {
  return (
    <svg width="9" height="9" viewBox="0 0 9 9" aria-hidden="true" focusable="false">
      {effect === 'delete' ? (
        <path d="M4.5 0.5 L8.8 8.5 L0.2 8.5 Z" fill="currentColor" />
      ) : (
        <circle cx="4.5" cy="4.5" r="4" fill="currentColor" />
      )}
    </svg>
  );
}

export function Logo() {
  return (
    <svg className="logo" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      <path d="M6 0.7 L11.3 6 L6 11.3 L0.7 6 Z" fill="none" stroke="currentColor" strokeWidth="1" />
      <path d="M6 3.4 L8.6 6 L6 8.6 L3.4 6 Z" fill="currentColor" />
    </svg>
  );
}
