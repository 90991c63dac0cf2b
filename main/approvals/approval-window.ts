/**
 * The approval window: created hidden at start, shown without taking focus, on top, never in the person's way of
 * typing (DESIGN 7.1, 7.11). It measures its own arming from window events; the renderer is told, not asked.
 */
import { type BrowserWindow, screen } from 'electron';
import type { ApprovalState, ArmingState } from '../ipc/approval-state.ts';
import type { ApprovalSurface } from './approval-surface.ts';
import { type Arming, armingDelayMs, armingState, disarmed, onWindowEvent, type WindowEvent } from './arming.ts';

export const approvalWidthPx = 640;
const leastHeightPx = 320;
const mostOfScreen = 0.8;

export type SurfacePush = {
  show(payload: { approval?: ApprovalState; arming: ArmingState }): void;
  arming(payload: ArmingState): void;
};

export function approvalSurface(
  window: BrowserWindow,
  push: SurfacePush,
  monotonicMs: () => number,
  on: { closed(): void; rendererGone(): void },
): ApprovalSurface {
  let arming: Arming = disarmed;
  let armedTimer: NodeJS.Timeout | undefined;
  let placedByUs = false;

  function happened(event: WindowEvent['event']): void {
    arming = onWindowEvent(arming, { event }, monotonicMs());
    clearTimeout(armedTimer);
    const state = armingState(arming, monotonicMs());
    push.arming(state);
    if (state.state === 'arming') {
      armedTimer = setTimeout(() => push.arming(armingState(arming, monotonicMs())), armingDelayMs + 5);
    }
  }

  window.on('focus', () => happened('focused'));
  window.on('blur', () => happened('blurred'));
  window.on('show', () => happened('shown'));
  window.on('hide', () => happened('hidden'));
  window.on('minimize', () => happened('hidden'));
  window.on('restore', () => happened('shown'));
  window.on('move', () => happened('moved'));
  window.on('resize', () => happened('resized'));
  // Closing is a denial; the window itself is kept for the next request.
  window.on('close', (event) => {
    event.preventDefault();
    on.closed();
  });
  window.webContents.on('render-process-gone', () => {
    happened('content-changed');
    on.rendererGone();
  });
  // SECURITY(DG-13): what was wholly in sight may not be any more.
  for (const change of ['display-added', 'display-removed', 'display-metrics-changed'] as const) {
    screen.on(change as 'display-added', () => happened('moved'));
  }

  return {
    show(approval) {
      happened('content-changed');
      push.show({ approval, arming: armingState(arming, monotonicMs()) });
    },
    reveal(heightPx) {
      const display = screen.getDisplayNearestPoint(screen.getCursorScreenPoint());
      const { workArea } = display;
      const height = Math.round(Math.min(Math.max(heightPx, leastHeightPx), workArea.height * mostOfScreen));
      const width = Math.min(approvalWidthPx, workArea.width);
      window.setContentSize(width, height);
      if (!window.isVisible() || !placedByUs) {
        window.setPosition(
          Math.round(workArea.x + (workArea.width - width) / 2),
          Math.round(workArea.y + (workArea.height - height) / 3),
        );
        placedByUs = true;
      }
      happened('painted');
      if (!window.isVisible()) window.showInactive();
      window.setAlwaysOnTop(true, 'floating');
      window.flashFrame(true);
    },
    clear() {
      happened('content-changed');
      window.flashFrame(false);
      window.hide();
      push.show({ arming: armingState(arming, monotonicMs()) });
    },
    arming: () => armingState(arming, monotonicMs()),
    isFullyOnDisplay() {
      const bounds = window.getBounds();
      return screen.getAllDisplays().some(({ bounds: display }) => contains(display, bounds));
    },
    bringForward() {
      if (!window.isVisible()) return;
      window.show();
      window.focus();
    },
    recover() {
      window.hide(); // what it shows is not what is asked
      // One that does not paint is ended; the window loads it anew whenever it is gone.
      if (!window.webContents.isCrashed()) window.webContents.forcefullyCrashRenderer();
    },
  };
}

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}
