/**
 * When may Approve be pressed? Only after the window has shown this very request, visible and focused, without a break
 * for one second. Blur, move, resize and new content start again (DESIGN 7.2; DG-11, DG-12, DG-13).
 *
 * INVARIANT: pure. Main feeds it window events and its own monotonic clock; the renderer only draws the result.
 */
import type { ArmingState } from '../ipc/approval-state.ts';

export const armingDelayMs = 1_000;

export type Arming = {
  readonly painted: boolean;
  readonly visible: boolean;
  readonly focused: boolean;
  /** Monotonic; since when all three have held without a disturbance. */
  readonly steadySinceMs: number | undefined;
};

export type WindowEvent =
  | { readonly event: 'content-changed' }
  | { readonly event: 'painted' }
  | { readonly event: 'shown' | 'hidden' }
  | { readonly event: 'focused' | 'blurred' }
  | { readonly event: 'moved' | 'resized' };

export const disarmed: Arming = { painted: false, visible: false, focused: false, steadySinceMs: undefined };

export function onWindowEvent(arming: Arming, { event }: WindowEvent, atMs: number): Arming {
  const next = { ...arming, ...change[event] };
  const steady = next.painted && next.visible && next.focused;
  // Every event is a disturbance: even one that changes nothing starts the second anew.
  return { ...next, steadySinceMs: steady ? atMs : undefined };
}

const change: Record<WindowEvent['event'], Partial<Arming>> = {
  'content-changed': { painted: false },
  painted: { painted: true },
  shown: { visible: true },
  hidden: { visible: false, focused: false },
  focused: { focused: true },
  blurred: { focused: false },
  moved: {},
  resized: {},
};

export function armingState(arming: Arming, atMs: number): ArmingState {
  if (arming.steadySinceMs === undefined) return { state: 'waiting', armedInMs: armingDelayMs };
  const armedInMs = Math.max(0, arming.steadySinceMs + armingDelayMs - atMs);
  return armedInMs === 0 ? { state: 'armed', armedInMs: 0 } : { state: 'arming', armedInMs };
}
