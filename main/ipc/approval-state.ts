/** What the approval window shows: one request, whole, immutable while it is on screen (DG-16). */
import { z } from 'zod';
import type { EffectView } from '../../mcp-bridge/core/model/effect-view.ts';

export const approvalState = z.strictObject({
  approvalId: z.string(),
  /** Proves that an answer comes from the window that was given this very request (DG-14). Single use. */
  nonce: z.string(),
  mcpClientName: z.string(),
  /** The signed-in person, or undefined when nobody is. */
  personLabel: z.string().optional(),
  sessionStartedAt: z.iso.datetime(),
  position: z.int(),
  waiting: z.int(),
  serverId: z.string(),
  toolName: z.string(),
  /** RFC 8785 form of the arguments: exactly what would be sent. */
  canonicalArguments: z.string(),
  /** Checked by the bridge contract where it enters main; it passes through here unchanged. */
  view: z.custom<EffectView>((value) => typeof value === 'object' && value !== null),
  /** The sentence of the grant that "This session" would leave; absent: once only. */
  sessionGrantSentence: z.string().optional(),
  /** How often this person denied the same tool and target before, this session. */
  deniedBefore: z.int(),
  /** The person's own words that a forged window does not know (DG-17). */
  phrase: z.string(),
  expiresAt: z.iso.datetime(),
});
export type ApprovalState = z.infer<typeof approvalState>;

/**
 * Arming as main measures it, not the renderer: `waiting` for focus, `arming` since `sinceMs` ago, or `armed`.
 * Focus, move, resize and content change start it again (DESIGN 7.2).
 */
export const armingState = z.strictObject({
  state: z.enum(['waiting', 'arming', 'armed']),
  armedInMs: z.number(),
});
export type ArmingState = z.infer<typeof armingState>;
