import type { Span } from '../model/effect-view.ts';

/** The headline as one line of plain text: for the ledger, lists and a screen reader alike. */
export function plainText(spans: readonly Span[]): string {
  return spans.map((span) => span.text).join('');
}
