import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../mcp-bridge/core/model/json.ts';
import { type Analyse, analyserOf } from './support.ts';

let http: Analyse;
let graphql: Analyse;
beforeAll(async () => {
  http = await analyserOf('http');
  graphql = await analyserOf('graphql');
});

const URL = 'https://example.com/items/5';

describe('HTTP (CL-15)', () => {
  test.each<[string, JsonValue, string]>([
    ['GET', { method: 'GET', url: URL }, 'read'],
    ['no method and no body', { url: URL }, 'read'],
    ['HEAD', { method: 'HEAD', url: URL }, 'read'],
    ['OPTIONS in small letters', { method: 'options', url: URL }, 'read'],
    ['an address alone', URL, 'read'],
    ['GET with harmless headers', { method: 'GET', url: URL, headers: { accept: 'text/html' } }, 'read'],
    ['POST', { method: 'POST', url: URL, body: 'x' }, 'write'],
    ['PUT', { method: 'PUT', url: URL }, 'write'],
    ['PATCH', { method: 'patch', url: URL }, 'write'],
    ['a body without a method', { url: URL, body: { a: 1 } }, 'write'],
    ['GET with a body', { method: 'GET', url: URL, body: 'x' }, 'write'],
    ['DELETE', { method: 'DELETE', url: URL }, 'delete'],
    ['DELETE in mixed letters', { method: 'dElEtE', url: URL }, 'delete'],
    ['PURGE', { method: 'PURGE', url: URL }, 'delete'],
    ['an unheard-of method', { method: 'FROB', url: URL }, 'delete'],
    ['a method with a line break', { method: 'GET\r\nX: y', url: URL }, 'delete'],
    ['a method that is no text', { method: 5, url: URL }, 'delete'],
    ['an override header', { method: 'GET', url: URL, headers: { 'X-HTTP-Method-Override': 'DELETE' } }, 'delete'],
    [
      'an override header among lines',
      { method: 'GET', url: URL, headers: 'Accept: a\nX-Method-Override: PUT' },
      'write',
    ],
    [
      'an override header in a list',
      { method: 'POST', url: URL, headers: [{ name: 'x-http-method', value: 'DELETE' }] },
      'delete',
    ],
    ['an override to GET', { method: 'GET', url: URL, headers: { 'x-http-method-override': 'GET' } }, 'write'],
    ['an override in the address', { method: 'GET', url: `${URL}?_method=DELETE` }, 'delete'],
    ['an override in a form', { method: 'POST', url: URL, body: 'a=1&_method=delete' }, 'delete'],
    ['an override in a JSON body', { method: 'POST', url: URL, body: { _method: 'DELETE' } }, 'delete'],
    ['an address that says delete', { method: 'GET', url: `${URL}/delete` }, 'write'],
    ['an encoded address that says delete', { method: 'GET', url: `${URL}/%64elete` }, 'write'],
    ['an action parameter', { method: 'GET', url: `${URL}?action=remove` }, 'write'],
    ['words that only contain one', { method: 'GET', url: 'https://example.com/undeleted-items/runner' }, 'read'],
    ['an address with a line break', { method: 'GET', url: `${URL}\r\nX: y` }, 'delete'],
    ['another scheme', { method: 'GET', url: 'file:///etc/passwd' }, 'delete'],
    ['a GraphQL query by POST', { method: 'POST', url: 'https://x/graphql', body: { query: '{ me { id } }' } }, 'read'],
    [
      'a GraphQL query as text',
      { method: 'POST', url: 'https://x/graphql', body: '{"query":"query { me { id } }"}' },
      'read',
    ],
    [
      'a GraphQL mutation by POST',
      { method: 'POST', url: 'https://x/graphql', body: { query: 'mutation { rename(id: 1) { id } }' } },
      'write',
    ],
    [
      'a GraphQL mutation over GET',
      { method: 'GET', url: 'https://x/graphql?query=mutation%7BdeleteUser(id:1)%7Bid%7D%7D' },
      'delete',
    ],
    ['a GraphQL body that does not parse', { method: 'POST', url: 'https://x/graphql', body: 'mutation {' }, 'delete'],
  ])('%s', (_name, value, effect) => expect(http(value).effect).toBe(effect));

  test.each<[string, JsonValue, JsonObject, string]>([
    ['the method is the argument', 'DELETE', { method: 'DELETE', url: URL }, 'delete'],
    ['the address is the argument', URL, { method: 'DELETE', url: URL }, 'delete'],
    [
      'the headers are beside it',
      'GET',
      { method: 'GET', url: URL, headers: { 'x-method-override': 'DELETE' } },
      'delete',
    ],
    ['a read over several arguments', 'GET', { method: 'GET', url: URL }, 'read'],
  ])('spread over arguments: %s', (_name, value, args, effect) => {
    expect(http(value, { arguments: args }).effect).toBe(effect);
  });
});

describe('GraphQL (CL-08)', () => {
  test.each<[string, JsonValue, string]>([
    ['a query', 'query { viewer { login } }', 'read'],
    ['the short form', '{ viewer { login } }', 'read'],
    ['a subscription', 'subscription { events { id } }', 'read'],
    ['introspection', '{ __schema { types { name } } }', 'read'],
    ['a query with a field named like a removal', '{ deletedItems { id } }', 'read'],
    [
      'the words mutation in a comment and a string',
      '# mutation { x }\n{ search(text: "mutation { deleteUser }") { id } }',
      'read',
    ],
    ['a body object', { query: '{ a }', variables: {} }, 'read'],
    ['a batch of queries', [{ query: '{ a }' }, { query: '{ b }' }], 'read'],
    ['a mutation', 'mutation { createIssue(input: {}) { id } }', 'write'],
    ['a mutation behind a query', 'query A { a } mutation B { createX { id } }', 'write'],
    ['a batch with a mutation', [{ query: '{ a }' }, { query: 'mutation { x }' }], 'write'],
    ['a removing mutation', 'mutation { deleteIssue(id: 1) { id } }', 'delete'],
    ['a removing mutation under an alias', 'mutation { a: removeUser(id: 1) { id } }', 'delete'],
    [
      'a removing mutation in a fragment',
      'mutation { ...f } fragment f on Mutation { issueDelete(id: 1) { id } }',
      'delete',
    ],
    ['a removing mutation in snake case', 'mutation { user_delete(id: 1) { id } }', 'delete'],
    ['a syntax error', 'mutation { deleteUser', 'delete'],
    ['a schema definition', 'type A { b: Int }', 'delete'],
    ['a stored operation named by hash', { extensions: { persistedQuery: { sha256Hash: 'x' } } }, 'delete'],
    ['too many tokens', `{ ${'a '.repeat(6_000)} }`, 'delete'],
    ['deep nesting', `${'{ a '.repeat(5_000)}`, 'delete'],
  ])('%s', (_name, value, effect) => expect(graphql(value).effect).toBe(effect));
});
