/**
 * The members of `_meta` with which the two ends of one connection tell each other who they are. SECURITY(MC-12): between the
 * AI client and us they are ours to say; what an upstream put there of itself, or in our name, ends here.
 */
import { isJsonObject } from '../core/model/json.ts';
import type { UpstreamOutcome } from '../pipeline/ports.ts';
import { META } from './protocol-eras.ts';

const OWN_NAMES: ReadonlySet<string> = new Set(Object.values(META));

export function withoutEnvelope(outcome: UpstreamOutcome): UpstreamOutcome {
  if (outcome.kind !== 'answered') return outcome;
  const { _meta: meta, ...others } = outcome.result;
  if (!isJsonObject(meta)) return outcome;
  const kept = Object.entries(meta).filter(([name]) => !OWN_NAMES.has(name));
  if (kept.length === Object.keys(meta).length) return outcome;
  return {
    kind: 'answered',
    result: kept.length === 0 ? others : { ...others, _meta: Object.fromEntries(kept) },
  };
}
