/** The effect view as it crosses from the bridge into main: every member checked, nothing else let through. */
import { z } from 'zod';
import type { EffectView } from '../core/model/effect-view.ts';
import type { JsonValue } from '../core/model/json.ts';

const line = z.strictObject({ kind: z.enum(['context', 'added', 'removed', 'no-newline']), text: z.string() });
const fileDiff = z.strictObject({
  path: z.string(),
  previousPath: z.string().optional(),
  status: z.enum(['added', 'modified', 'deleted', 'renamed', 'type-changed']),
  binary: z.boolean(),
  addedLines: z.int(),
  removedLines: z.int(),
  hunks: z.array(z.strictObject({ header: z.string(), lines: z.array(line) })),
});
const fact = z.strictObject({ label: z.string(), value: z.string(), machineMade: z.boolean() });

const listItem = z.strictObject({
  name: z.string(),
  detail: z.string().optional(),
  warning: z.string().optional(),
});

const section = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('diff'), title: z.string(), files: z.array(fileDiff) }),
  z.strictObject({
    kind: z.literal('list'),
    title: z.string(),
    items: z.array(listItem),
  }),
  z.strictObject({
    kind: z.literal('code'),
    title: z.string(),
    language: z.enum(['sql', 'shell', 'json', 'text']),
    text: z.string(),
    marks: z.array(z.strictObject({ start: z.int(), end: z.int(), reason: z.string() })),
  }),
  z.strictObject({
    kind: z.literal('message'),
    recipients: z.array(z.strictObject({ label: z.string(), names: z.array(z.string()) })),
    subject: z.string().optional(),
    body: z.string(),
    attachments: z.array(listItem).optional(),
  }),
  z.strictObject({
    kind: z.literal('choices'),
    title: z.string(),
    choices: z.array(z.strictObject({ choiceId: z.string().min(1), sentence: z.string().min(1) })).min(1),
  }),
  z.strictObject({
    kind: z.literal('request'),
    method: z.string(),
    url: z.string(),
    headers: z.array(fact),
    body: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('arguments'),
    title: z.string(),
    fields: z.array(
      z.strictObject({
        name: z.string(),
        title: z.string().optional(),
        typeName: z.string(),
        value: z.json() as z.ZodType<JsonValue>,
        undeclared: z.boolean().optional(),
      }),
    ),
  }),
]);

const checked = z.strictObject({
  effect: z.enum(['read', 'write', 'delete']),
  headline: z.array(z.strictObject({ text: z.string(), style: z.enum(['plain', 'code']) })).min(1),
  consequence: z.string(),
  irreversible: z.boolean(),
  environment: z.string().optional(),
  warnings: z.array(z.string()),
  facts: z.array(fact),
  sections: z.array(section),
  claims: z.array(z.strictObject({ by: z.enum(['mcp-client', 'upstream-server']), text: z.string() })),
  confirmation: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('type-name'), name: z.string().min(1) }),
    z.strictObject({ kind: z.literal('hold'), holdMs: z.number().min(500).max(10_000) }),
  ]),
  approveLabel: z.string().min(1),
});

// `claims[].text` stays untrusted by brand; the schema sees a plain string.
export const effectView = checked as unknown as z.ZodType<EffectView>;
