import type { ListItem } from '../../mcp-bridge/core/model/effect-view.ts';
import { Value } from './value.tsx';
import { VirtualRows } from './virtual-rows.tsx';

/** Everything that is covered, by name; nothing is summed up or cut. */
export function ItemList({ items }: { readonly items: readonly ListItem[] }) {
  return (
    <VirtualRows
      count={items.length}
      rowHeightPx={34}
      role="list"
      renderRow={(index) => {
        const item = items[index];
        if (item === undefined) return null;
        return (
          // biome-ignore lint/a11y/useSemanticElements: a block of rows stands between the list and its items
          <div key={index} className="item-row" role="listitem">
            <Value text={item.name} mono />
            {item.detail === undefined ? null : (
              <span className="item-detail">
                <Value text={item.detail} />
              </span>
            )}
            {item.warning === undefined ? null : (
              <span className="item-warning">
                <Value text={item.warning} />
              </span>
            )}
          </div>
        );
      }}
    />
  );
}
