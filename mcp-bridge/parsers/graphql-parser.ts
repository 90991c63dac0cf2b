/** The reference parser of GraphQL, bounded in tokens so that its time is. */
import { type DocumentNode, Kind, parse, visit } from 'graphql';
import type { GraphqlOperation, ParseGraphql } from '../core/classify/analysers/http/graphql-analyser.ts';

const MAX_TOKENS = 5_000;

export const parseGraphql: ParseGraphql = (text) => {
  try {
    return operationsOf(parse(text, { noLocation: true, maxTokens: MAX_TOKENS }));
  } catch {
    return undefined;
  }
};

/** Fragments count for every operation of the document: which one spreads them is not worth being wrong about. */
function operationsOf(document: DocumentNode): readonly GraphqlOperation[] | undefined {
  const known = document.definitions.every(
    ({ kind }) => kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION,
  );
  if (!known) return undefined;
  const shared = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).flatMap(fieldsOf);
  return document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? [{ kind: definition.operation, fields: [...fieldsOf(definition), ...shared] }]
      : [],
  );
}

function fieldsOf(node: DocumentNode['definitions'][number]): readonly string[] {
  const fields: string[] = [];
  visit(node, { Field: (field) => void fields.push(field.name.value) });
  return fields;
}
