import { type RefObject, useLayoutEffect } from 'react';
import { approvalApi } from '../lib/surface.ts';

/** A hidden window may draw no frames at all; main must hear from it nevertheless, a frame's time later. */
const PAINT_LIMIT_MS = 20;

/** Tells main once that this request is on screen, and how high its content is without scrolling. */
export function usePainted(
  approvalId: string,
  naturalHeightPx: () => number,
  page: RefObject<HTMLElement | null>,
): void {
  // Of the layout: an ordinary effect may run when the first frame is drawn already, and would wait for the second.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per request; its content never changes
  useLayoutEffect(() => {
    let isTold = false;
    const tell = () => {
      if (isTold || page.current === null) return;
      isTold = true;
      const heightPx = Math.min(20_000, Math.ceil(naturalHeightPx()));
      void approvalApi().call['approval:painted']({ approvalId, heightPx });
    };
    // A frame callback runs before its frame is painted; the next message is handled after.
    const afterPaint = new MessageChannel();
    afterPaint.port1.onmessage = tell;
    const frame = requestAnimationFrame(() => afterPaint.port2.postMessage(undefined));
    const limit = setTimeout(tell, PAINT_LIMIT_MS);
    return () => {
      isTold = true;
      cancelAnimationFrame(frame);
      clearTimeout(limit);
      afterPaint.port1.close();
    };
  }, [approvalId]);
}
