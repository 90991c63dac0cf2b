/**
 * Turns real input on an approving button into events of the answer state. Everything the page itself could make up
 * is ignored (`isTrusted`), and so is a click without a press: it comes from a script or an automation interface.
 */
import { type Dispatch, useEffect, useRef } from 'react';
import type { AnswerEvent, ApprovingAnswer, PressedBy } from './answer-state.ts';

/** How the focus last came to be asked for; valid only within the same event. */
let focusIntent: 'tab' | 'pointer' | 'other' = 'other';
let lastPosition: { readonly x: number; readonly y: number } | undefined;

/** Watches the pointer and Tab everywhere; call once per page. */
export function useInputIntent(): void {
  useEffect(() => {
    const intend = (intent: 'tab' | 'pointer') => {
      focusIntent = intent;
      setTimeout(() => {
        focusIntent = 'other';
      });
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.isTrusted && event.key === 'Tab') intend('tab');
    };
    const onPointerDown = (event: PointerEvent) => {
      if (event.isTrusted) intend('pointer');
    };
    const onPointer = (event: PointerEvent) => {
      if (event.isTrusted) lastPosition = { x: event.screenX, y: event.screenY };
    };
    document.addEventListener('keydown', onKeyDown, true);
    document.addEventListener('pointerdown', onPointerDown, true);
    // In the bubbling phase: a button compares with the position before this event first.
    document.addEventListener('pointermove', onPointer);
    return () => {
      document.removeEventListener('keydown', onKeyDown, true);
      document.removeEventListener('pointerdown', onPointerDown, true);
      document.removeEventListener('pointermove', onPointer);
    };
  }, []);
}

/** Native listeners on the element: React's synthetic events would lose nothing, but these are what is checked. */
export function usePress(button: ApprovingAnswer, dispatch: Dispatch<AnswerEvent>) {
  const element = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const end = new AbortController();
    const on = <Name extends keyof HTMLElementEventMap>(
      name: Name,
      handle: (event: HTMLElementEventMap[Name]) => void,
    ) => {
      target.addEventListener(name, (event) => event.isTrusted && handle(event), { signal: end.signal });
    };
    const press = (type: 'press-began' | 'press-ended', by: PressedBy, event: Event) =>
      dispatch({ type, button, by, atMs: event.timeStamp });

    on('pointermove', (event) => {
      // SECURITY(DG-12): a button that appears under a resting pointer has not been pointed at.
      const isMoved =
        lastPosition === undefined || lastPosition.x !== event.screenX || lastPosition.y !== event.screenY;
      if (isMoved) dispatch({ type: 'pointer-moved', button });
    });
    on('pointerdown', (event) => {
      if (event.button !== 0 || !event.isPrimary) return;
      // A finger has no way to hover; its press is the movement. Arming still comes before it.
      if (event.pointerType === 'touch') dispatch({ type: 'pointer-moved', button });
      press('press-began', 'pointer', event);
    });
    on('pointerup', (event) => {
      const isInside = target.contains(document.elementFromPoint(event.clientX, event.clientY));
      if (isInside && event.isPrimary) press('press-ended', 'pointer', event);
      else dispatch({ type: 'press-broken' });
    });
    on('pointerleave', () => dispatch({ type: 'press-broken' }));
    on('pointercancel', () => dispatch({ type: 'press-broken' }));
    on('focus', () => dispatch({ type: 'focused', button, by: focusIntent }));
    on('blur', () => dispatch({ type: 'blurred', button }));
    on('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault(); // no native click: it would come without its key-up
      // SECURITY(DG-11): a key that was already down when the window came never counts.
      if (!event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey) press('press-began', event.key, event);
    });
    on('keyup', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      press('press-ended', event.key, event);
    });
    return () => end.abort();
  }, [button, dispatch]);
  return element;
}
