import type { ApprovalState, ArmingState } from '../ipc/approval-state.ts';

/** The window that shows one approval at a time, as the approvals see it. */
export type ApprovalSurface = {
  /** Hands the request to the renderer; the window stays as it is until `reveal`. */
  show(state: ApprovalState): void;
  /** The renderer has painted: size the window to its content and show it without taking focus. */
  reveal(heightPx: number): void;
  /** Nothing to show: hide. */
  clear(): void;
  arming(): ArmingState;
  isFullyOnDisplay(): boolean;
  bringForward(): void;
  /** The renderer did not paint in time: load it anew for the next request. */
  recover(): void;
};
