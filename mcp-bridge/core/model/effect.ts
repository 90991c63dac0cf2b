/**
 * What a tool call would do to the world. Ordered: a later word is worse, and doubt moves to the right.
 *
 * read: changes no user data and no remote state. write: creates, changes, sends, runs or configures, and can be
 * undone or adds only. delete: removes or destroys, or runs arbitrary code that could.
 */
export const EFFECTS = ['read', 'write', 'delete'] as const;
export type Effect = (typeof EFFECTS)[number];

export function worstEffect(...effects: readonly Effect[]): Effect {
  return effects.reduce<Effect>((worst, effect) => (isWorse(effect, worst) ? effect : worst), 'read');
}

export function isWorse(effect: Effect, than: Effect): boolean {
  return EFFECTS.indexOf(effect) > EFFECTS.indexOf(than);
}
