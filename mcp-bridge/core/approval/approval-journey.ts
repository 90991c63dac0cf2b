/**
 * The life of one approval: asked → approved | denied | expired | withdrawn, and approved → consumed.
 *
 * The first terminal step wins, except that a denial, an expiry or a withdrawal that arrives before the approval is
 * consumed still wins over it: deny wins ties (MC-27), cancel wins over a later approve (MC-24). An approval is
 * consumed once (MC-18), and not after its expiry on the monotonic clock (MC-28).
 *
 * INVARIANT: total; a step that is not allowed leaves the state as it is.
 */
export type ApprovalJourney =
  | { readonly state: 'asked'; readonly expiresAtMs: number }
  | { readonly state: 'approved'; readonly usableUntilMs: number }
  | { readonly state: 'consumed' }
  | { readonly state: 'denied' | 'expired' | 'withdrawn'; readonly reason: string };

export type ApprovalStep =
  | { readonly step: 'approve'; readonly atMs: number; readonly usableForMs: number }
  | { readonly step: 'deny' | 'withdraw'; readonly reason: string }
  | { readonly step: 'time-passes'; readonly atMs: number }
  | { readonly step: 'consume'; readonly atMs: number };

export function advance(journey: ApprovalJourney, step: ApprovalStep): ApprovalJourney {
  return journey.state === 'asked' || journey.state === 'approved' ? advanceOpen(journey, step) : journey;
}

type OpenJourney = Extract<ApprovalJourney, { state: 'asked' | 'approved' }>;

function advanceOpen(journey: OpenJourney, step: ApprovalStep): ApprovalJourney {
  switch (step.step) {
    case 'deny':
      return { state: 'denied', reason: step.reason };
    case 'withdraw':
      return { state: 'withdrawn', reason: step.reason };
    case 'approve':
      if (journey.state !== 'asked') return journey;
      return step.atMs < journey.expiresAtMs
        ? { state: 'approved', usableUntilMs: step.atMs + step.usableForMs }
        : { state: 'expired', reason: 'The time to answer had run out.' };
    case 'time-passes':
      return step.atMs >= deadline(journey) ? { state: 'expired', reason: 'Nobody answered in time.' } : journey;
    case 'consume':
      if (journey.state !== 'approved') return journey;
      return step.atMs < journey.usableUntilMs
        ? { state: 'consumed' }
        : { state: 'expired', reason: 'The approval was not used in time.' };
  }
}

function deadline(journey: OpenJourney): number {
  return journey.state === 'asked' ? journey.expiresAtMs : journey.usableUntilMs;
}
