/**
 * GraphQL documents (GraphQL September 2025 §6.2): a query or subscription reads, a mutation changes, and a mutation
 * whose fields are named for removal is graded like one. Every operation of the document counts, whichever is named.
 * A stored operation that is only named by its hash is not interpreted.
 */
import { isJsonObject, type JsonValue } from '../../../model/json.ts';
import { couldNotInterpret, type Finding, verdictOf } from '../findings.ts';
import type { ArgumentAnalyser } from '../ports.ts';

export type GraphqlOperation = {
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Names of all fields it selects, at any depth, through fragments as well. */
  readonly fields: readonly string[];
};

/** Undefined: not a document. Never throws. */
export type ParseGraphql = (text: string) => readonly GraphqlOperation[] | undefined;

const REMOVES =
  /^(delete|remove|destroy|drop|purge|erase|clear|truncate|reset|revoke|cancel|terminate|archive|deactivate|disable|unlink|detach|dismiss|wipe|bulk_?delete|empty|expire|close|reject|forget|uninstall|deprovision)|(Delete|Remove|Destroy|Drop|Purge|Truncate)([A-Z]|$)|_(delete|remove|destroy|drop|purge|truncate)(_|$)/;
const MAX_LENGTH = 60_000;

export function createGraphqlAnalyser(parse: ParseGraphql): ArgumentAnalyser {
  return (value) => {
    const texts = documentsOf(value);
    if (texts === undefined || texts.length === 0)
      return couldNotInterpret('web', 'There is no GraphQL document to interpret.');
    const findings = texts.flatMap((text) => documentFindings(text, parse));
    return verdictOf(findings, 'web');
  };
}

function documentFindings(text: string, parse: ParseGraphql): readonly Finding[] {
  const operations = text.length > MAX_LENGTH ? undefined : parse(text);
  if (operations === undefined || operations.length === 0)
    return [{ effect: 'delete', uninterpreted: true, reason: 'The GraphQL document could not be interpreted.' }];
  return operations.map((operation) => {
    if (operation.kind !== 'mutation')
      return { effect: 'read', action: operation.kind, reason: `The GraphQL ${operation.kind} only reads.` };
    const removing = operation.fields.filter((field) => REMOVES.test(field));
    const objects = operation.fields.slice(0, 5).map((name) => ({ kind: 'resource', name }));
    return removing.length === 0
      ? { effect: 'write', action: 'mutation', reason: 'The GraphQL mutation changes something.', objects }
      : {
          effect: 'delete',
          action: 'mutation',
          reason: `The GraphQL mutation removes something (${removing.slice(0, 3).join(', ')}).`,
          objects,
        };
  });
}

/** A document, `{query, variables}`, or a batch of those. */
function documentsOf(value: JsonValue): readonly string[] | undefined {
  if (typeof value === 'string') {
    if (!/^\s*[[{]\s*["{]/.test(value)) return [value];
    try {
      return documentsOf(JSON.parse(value) as JsonValue);
    } catch {
      return [value];
    }
  }
  if (Array.isArray(value)) {
    const all = value.map((item: JsonValue) => documentsOf(item));
    return all.every((texts) => texts !== undefined) ? all.flat() : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const text = value['query'] ?? value['mutation'] ?? value['document'];
  return typeof text === 'string' ? [text] : undefined;
}
