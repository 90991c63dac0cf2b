import type { ArgumentField } from '../../mcp-bridge/core/model/effect-view.ts';
import { isJsonObject, type JsonValue } from '../../mcp-bridge/core/model/json.ts';
import { counted } from '../lib/numbers.ts';
import { Value } from './value.tsx';
import { ValueAsWritten } from './value-as-written.tsx';
import { VirtualRows } from './virtual-rows.tsx';

/** Arguments without a view of their own: every name, type and value, nested as they are. */
export function ArgumentTree({ fields }: { readonly fields: readonly ArgumentField[] }) {
  if (fields.length === 0) return <p className="argument-row quiet">No arguments.</p>;
  return (
    <VirtualRows
      count={fields.length}
      rowHeightPx={52}
      renderRow={(index) => {
        const field = fields[index];
        return field === undefined ? null : <Field key={field.name} field={field} />;
      }}
    />
  );
}

function Field({ field }: { readonly field: ArgumentField }) {
  return (
    <div className="argument-row">
      <div>
        <Value text={field.name} mono />
        <span className="argument-kind">
          {field.title === undefined ? null : (
            <>
              <Value text={field.title} /> ·{' '}
            </>
          )}
          <Value text={field.typeName} />
        </span>
        {field.undeclared === true ? (
          <span className="argument-kind argument-undeclared">not declared by the tool</span>
        ) : null}
      </div>
      <JsonNode value={field.value} />
    </div>
  );
}

function JsonNode({ value }: { readonly value: JsonValue }) {
  if (typeof value === 'string') return <ValueAsWritten text={value} mono />;
  if (Array.isArray(value)) return <JsonList items={value as readonly JsonValue[]} />;
  if (isJsonObject(value)) return <JsonMembers members={Object.entries(value)} />;
  // Digits as they are: no locale groups them (DG-26).
  return <Value text={String(value)} mono />;
}

function JsonMembers({ members }: { readonly members: readonly (readonly [string, JsonValue])[] }) {
  if (members.length === 0) return <span className="quiet">no members</span>;
  return (
    <div className="argument-nested">
      <VirtualRows
        count={members.length}
        rowHeightPx={33}
        renderRow={(index) => {
          const [name, value] = members[index] ?? ['', null];
          return (
            <div key={name} className="argument-row">
              <Value text={name} mono />
              <JsonNode value={value} />
            </div>
          );
        }}
      />
    </div>
  );
}

function JsonList({ items }: { readonly items: readonly JsonValue[] }) {
  if (items.length === 0) return <span className="quiet">empty list</span>;
  return (
    <div>
      <span className="argument-kind">{counted(items.length, 'item')}</span>
      <div className="argument-nested">
        <VirtualRows
          count={items.length}
          rowHeightPx={33}
          renderRow={(index) => (
            <div key={index} className="argument-item">
              <JsonNode value={items[index] ?? null} />
            </div>
          )}
        />
      </div>
    </div>
  );
}
