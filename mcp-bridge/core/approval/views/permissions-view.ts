import type { EffectView } from '../../model/effect-view.ts';
import { asUntrusted } from '../../model/untrusted.ts';
import type { PermissionOffer } from '../approval-request.ts';

/** What a request for permissions shows: one sentence for each, to tick; nothing is done by it but the granting. */
export function permissionsView(offers: readonly PermissionOffer[], purpose: string | undefined): EffectView {
  const count = offers.length === 1 ? '1 permission' : `${offers.length} permissions`;
  return {
    effect: 'write',
    headline: [{ text: `Asks for ${count} until this session ends`, style: 'plain' }],
    consequence: 'Tick what it may do without asking. Deletions go on asking each time.',
    irreversible: false,
    warnings: [],
    facts: [],
    sections: [
      {
        kind: 'choices',
        title: 'Permissions',
        choices: offers.map(({ choiceId, offer }) => ({ choiceId, sentence: offer.sentence })),
      },
    ],
    claims: purpose === undefined ? [] : [{ by: 'mcp-client', text: asUntrusted(purpose) }],
    confirmation: { kind: 'none' },
    approveLabel: 'Grant what is ticked',
  };
}
