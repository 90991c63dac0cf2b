import type { ClockPort } from './ports.ts';

/**
 * Remembers what the person denied, so that an AI that rephrases a denied call lowers the volume instead of raising it
 * (DG-25): the second time the window says "denied before"; after two denials it is not asked for ten minutes. One that
 * changes the target each time is not asked about that tool at all after five.
 */
export type DenialMemory = {
  remember(similarityKey: string): void;
  count(similarityKey: string): number;
  isEmbargoed(similarityKey: string): boolean;
  /** The same for a tool as a whole, whatever it was to act on; an approval begins the count anew. */
  rememberTool(toolKey: string, answer: 'approved' | 'denied'): void;
  isToolEmbargoed(toolKey: string): boolean;
};

export const denialMemoryMs = 10 * 60_000;
const embargoAfter = 2;
const toolEmbargoAfter = 5;
const mostRemembered = 10_000;

export function createDenialMemory(clock: Pick<ClockPort, 'monotonicMs'>): DenialMemory {
  const denials = new Map<string, { readonly count: number; readonly untilMs: number }>();

  function live(key: string): number {
    const denial = denials.get(key);
    return denial !== undefined && clock.monotonicMs() < denial.untilMs ? denial.count : 0;
  }

  function remember(key: string): void {
    const count = live(key) + 1;
    denials.delete(key); // re-inserted at the end, so that the oldest goes first
    denials.set(key, { count, untilMs: clock.monotonicMs() + denialMemoryMs });
    const oldest = denials.keys().next();
    if (denials.size > mostRemembered && !oldest.done) denials.delete(oldest.value);
  }
  const ofTool = (toolKey: string): string => `tool ${toolKey}`;

  return {
    remember,
    rememberTool(toolKey, answer) {
      if (answer === 'denied') remember(ofTool(toolKey));
      else denials.delete(ofTool(toolKey));
    },
    isToolEmbargoed: (toolKey) => live(ofTool(toolKey)) >= toolEmbargoAfter,
    count: live,
    isEmbargoed: (key) => live(key) >= embargoAfter,
  };
}
