/**
 * The form that definitions must have (MCP 2025-11-25 and 2026-07-28 schema: Tool, Prompt, Resource, ResourceTemplate). An AI
 * client that reads strictly refuses a whole list for one item that is not in it, and behind one endpoint that list is
 * everybody's: SECURITY(MC-05) an item in another form is left out. Members that nobody knows stay.
 */
import { z } from 'zod';
import type { JsonObject } from '../core/model/json.ts';

export type ListName = 'tools' | 'prompts' | 'resources' | 'resourceTemplates';

const anyObject = z.looseObject({});
const icon = z.looseObject({
  src: z.string(),
  mimeType: z.string().optional(),
  sizes: z.array(z.string()).optional(),
  theme: z.enum(['light', 'dark']).optional(),
});
const shared = {
  title: z.string().optional(),
  description: z.string().optional(),
  icons: z.array(icon).optional(),
  _meta: anyObject.optional(),
};
const schema = z.looseObject({
  type: z.literal('object'),
  properties: z.record(z.string(), anyObject).optional(),
  required: z.array(z.string()).optional(),
});
const contentAnnotations = z.looseObject({
  audience: z.array(z.enum(['user', 'assistant'])).optional(),
  priority: z.number().min(0).max(1).optional(),
  lastModified: z.iso.datetime({ offset: true }).optional(),
});
const content = {
  ...shared,
  name: z.string(),
  mimeType: z.string().optional(),
  annotations: contentAnnotations.optional(),
};

const FORMS: { readonly [name in ListName]: z.ZodType } = {
  tools: z.looseObject({
    ...shared,
    name: z.string(),
    inputSchema: schema,
    outputSchema: schema.optional(),
    annotations: z
      .looseObject({
        title: z.string().optional(),
        readOnlyHint: z.boolean().optional(),
        destructiveHint: z.boolean().optional(),
        idempotentHint: z.boolean().optional(),
        openWorldHint: z.boolean().optional(),
      })
      .optional(),
    execution: z.looseObject({ taskSupport: z.enum(['required', 'optional', 'forbidden']).optional() }).optional(),
  }),
  prompts: z.looseObject({
    ...shared,
    name: z.string(),
    arguments: z
      .array(
        z.looseObject({
          name: z.string(),
          title: z.string().optional(),
          description: z.string().optional(),
          required: z.boolean().optional(),
        }),
      )
      .optional(),
  }),
  resources: z.looseObject({ ...content, uri: z.string(), size: z.number().optional() }),
  resourceTemplates: z.looseObject({ ...content, uriTemplate: z.string() }),
};

export function hasItsForm(name: ListName, item: JsonObject): boolean {
  return FORMS[name].safeParse(item).success;
}
