/** Which second gesture an approval needs beside the click (DESIGN 7.4, DG-13). */
import type { Confirmation } from '../model/effect-view.ts';

const HOLD_MS = 1500;
/** Printable ASCII without blanks at the ends: what any keyboard types and nobody can mistake. */
const typeable = /^[!-~](?:[ -~]{0,38}[!-~])?$/;

export function confirmationFor(act: {
  readonly irreversible: boolean;
  readonly environment: string | undefined;
  readonly confirmName: string | undefined;
}): Confirmation {
  if (!act.irreversible && !isProduction(act.environment)) return { kind: 'none' };
  if (act.confirmName !== undefined && typeable.test(act.confirmName))
    return { kind: 'type-name', name: act.confirmName };
  return { kind: 'hold', holdMs: HOLD_MS };
}

/** The label is the person's own, from the configuration (DG-23); doubt makes it stricter. */
export function isProduction(environment: string | undefined): boolean {
  return environment !== undefined && /prod|live/i.test(environment);
}
