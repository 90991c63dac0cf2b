/**
 * Long lists without a long DOM, and without hiding anything: rows stand in blocks; a block away from the view is an
 * empty box of its measured height. Rows may wrap, so heights differ. Every row is reached by scrolling (DESIGN 7.6).
 */
import { createContext, type ReactNode, type RefObject, useContext, useEffect, useRef, useState } from 'react';

const BLOCK_ROWS = 50;
const SHOWN_AT_FIRST = 2;
/** Below that many rows all are simply there. */
const VIRTUAL_FROM_ROWS = 200;

/** The element that scrolls; the viewport where there is none. */
export const ScrollerContext = createContext<RefObject<HTMLElement | null> | undefined>(undefined);

type VirtualRowsProps = {
  readonly count: number;
  readonly rowHeightPx: number;
  readonly renderRow: (index: number) => ReactNode;
  /** Blocks hold `rows` by default; a list says `list` and its rows `listitem`. */
  readonly role?: 'list' | undefined;
};

export function VirtualRows({ count, rowHeightPx, renderRow, role }: VirtualRowsProps) {
  const blocks = Math.ceil(count / BLOCK_ROWS);
  const isVirtual = count > VIRTUAL_FROM_ROWS;
  const rows = useRef<HTMLDivElement>(null);
  const heights = useRef(new Map<number, number>());
  const [near, setNear] = useState<ReadonlySet<number>>(() => new Set([...Array(SHOWN_AT_FIRST).keys()]));
  const scroller = useContext(ScrollerContext);

  useEffect(() => {
    if (!isVirtual || rows.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        setNear((before) => {
          const after = new Set(before);
          for (const entry of entries) {
            const block = Number((entry.target as HTMLElement).dataset['block']);
            if (entry.isIntersecting) after.add(block);
            else if (after.delete(block)) heights.current.set(block, entry.boundingClientRect.height);
          }
          return after;
        });
      },
      { root: scroller?.current ?? null, rootMargin: '1200px 0px' },
    );
    for (const block of rows.current.children) observer.observe(block);
    return () => observer.disconnect();
  }, [isVirtual, scroller]);

  return (
    <div ref={rows} className="rows" role={role}>
      {Array.from({ length: blocks }, (_, block) => {
        const first = block * BLOCK_ROWS;
        const size = Math.min(BLOCK_ROWS, count - first);
        const isNear = !isVirtual || near.has(block);
        const height = isNear ? undefined : (heights.current.get(block) ?? size * rowHeightPx);
        return (
          <div
            key={first}
            data-block={block}
            role={role && 'presentation'}
            style={height === undefined ? {} : { height }}
          >
            {isNear ? Array.from({ length: size }, (_row, offset) => renderRow(first + offset)) : null}
          </div>
        );
      })}
    </div>
  );
}
