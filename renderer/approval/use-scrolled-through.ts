import { type RefObject, useEffect, useState } from 'react';

const LINE_PX = 19;

export type ScrollPosition = {
  /** The end marker is in view now. */
  readonly atEnd: boolean;
  /** Lines of ordinary height still below the view. */
  readonly linesBelow: number;
};

/** Whether the end of the content is in view; a marker that has no size yet is not in view. */
export function useScrolledThrough(
  scroller: RefObject<HTMLElement | null>,
  endMarker: RefObject<HTMLElement | null>,
): ScrollPosition {
  const [atEnd, setAtEnd] = useState(false);
  const [linesBelow, setLinesBelow] = useState(0);

  useEffect(() => {
    const region = scroller.current;
    const marker = endMarker.current;
    if (region === null || marker === null) return undefined;
    const observer = new IntersectionObserver((entries) => setAtEnd(entries.at(-1)?.isIntersecting ?? false), {
      root: region,
      // Half pixels at fractional zoom must not keep the end out of reach.
      rootMargin: '0px 0px 2px 0px',
    });
    observer.observe(marker);
    const measure = () => {
      const below = region.scrollHeight - region.scrollTop - region.clientHeight;
      setLinesBelow(Math.max(0, Math.ceil((below - 2) / LINE_PX)));
    };
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(region);
    if (marker.parentElement !== null) resized.observe(marker.parentElement);
    region.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      resized.disconnect();
      region.removeEventListener('scroll', measure);
    };
  }, [scroller, endMarker]);
  return { atEnd, linesBelow };
}

/**
 * Scrolling by keyboard wherever the focus is, so that the region need not be the first stop of Tab: that is Deny's.
 */
export function useScrollKeys(scroller: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const region = scroller.current;
      if (region === null || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLInputElement) return;
      const page = region.clientHeight - 2 * LINE_PX;
      const steps: { readonly [key: string]: number } = {
        ArrowDown: 2 * LINE_PX,
        ArrowUp: -2 * LINE_PX,
        PageDown: page,
        PageUp: -page,
        End: region.scrollHeight,
        Home: -region.scrollHeight,
      };
      const step = steps[event.key];
      if (step === undefined) return;
      event.preventDefault();
      region.scrollBy({ top: step });
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [scroller]);
}
