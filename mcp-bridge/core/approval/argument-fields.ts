/** The arguments as a typed list: everything that will be sent, declared or not (DESIGN 7.6, MC-13). */
import type { ArgumentField } from '../model/effect-view.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';

export function argumentFields(toolArguments: JsonObject, inputSchema: JsonObject): readonly ArgumentField[] {
  const properties = inputSchema['properties'];
  const declared = isJsonObject(properties) ? properties : {};
  return Object.entries(toolArguments).map(([name, value]) => {
    const schema = Object.hasOwn(declared, name) ? declared[name] : undefined;
    const title = isJsonObject(schema) && typeof schema['title'] === 'string' ? schema['title'] : undefined;
    return {
      name,
      ...(title === undefined ? {} : { title }),
      typeName: typeName(value),
      value,
      ...(schema === undefined ? { undeclared: true } : {}),
    };
  });
}

function typeName(value: JsonValue): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 1 ? 'list of 1' : `list of ${value.length}`;
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'yes or no';
    default:
      return 'object';
  }
}
