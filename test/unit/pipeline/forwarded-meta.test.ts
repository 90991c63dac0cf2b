import { expect, test } from 'vitest';
import type { JsonObject } from '../../../mcp-bridge/core/model/json.ts';
import { forwardedMeta } from '../../../mcp-bridge/pipeline/forwarded-meta.ts';
import type { InboundRequest } from '../../../mcp-bridge/pipeline/ports.ts';

const logLevel = 'io.modelcontextprotocol/logLevel';
const capabilities = 'io.modelcontextprotocol/clientCapabilities';
const ofMeta = (_meta: JsonObject, clientCapabilities: JsonObject = {}): JsonObject =>
  forwardedMeta({ params: { _meta }, clientCapabilities } as unknown as InboundRequest)._meta ?? {};

test.each([
  ['the eight levels of MCP', 'debug', true],
  ['the gravest of them', 'emergency', true],
  ['a word that is no level', 'verbose', false],
  ['a level in capitals', 'INFO', false],
  ['what somebody wants to send out', 'the password is swordfish', false],
  ['a number', 3, false],
])('MC-22 a log level goes on if it is %s', (_name, level, goesOn) => {
  expect(ofMeta({ [logLevel]: level })).toEqual(goesOn ? { [logLevel]: level } : {});
});

test.each([
  ['a number', 7, true],
  ['a text', 'p-1', true],
  ['as long as may be', 'p'.repeat(256), true],
  ['longer', 'p'.repeat(257), false],
  ['an object', { a: 'novel' }, false],
])('LO-12 a progress token that is %s', (_name, progressToken, goesOn) => {
  expect(ofMeta({ progressToken })).toEqual(goesOn ? { progressToken } : {});
});

const novel = 'x'.repeat(600);
test.each([
  [
    'what MCP knows',
    { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } },
    { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } },
  ],
  ['members that MCP does not know', { experimental: { a: novel }, secrets: novel }, undefined],
  [
    'a text in place of a capability',
    { sampling: novel, elicitation: novel, roots: novel, extensions: novel },
    undefined,
  ],
  [
    'more in a capability than it has',
    { sampling: { tools: { a: novel }, b: novel }, elicitation: { form: novel }, roots: { listChanged: novel } },
    { sampling: { tools: {} }, elicitation: {}, roots: {} },
  ],
  [
    'an extension with short settings',
    { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } },
    { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } },
  ],
  [
    'extensions with long settings, long names or none',
    { extensions: { 'a/b': { novel }, [`a/${novel}`]: {}, plain: {}, 'a/c': novel } },
    { extensions: {} },
  ],
  [
    'more extensions than anybody has',
    { extensions: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`a/${index}`, {}])) },
    { extensions: Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`a/${index}`, {}])) },
  ],
])('MC-22 of the capabilities of an AI client: %s', (_name, given, goesOn) => {
  expect(ofMeta({}, given as JsonObject)).toEqual(goesOn === undefined ? {} : { [capabilities]: goesOn });
});

test('I2 nothing else of the metadata goes on', () => {
  expect(
    ofMeta({ 'com.example/note': novel, traceparent: novel, 'io.modelcontextprotocol/clientInfo': { name: novel } }),
  ).toEqual({});
});
