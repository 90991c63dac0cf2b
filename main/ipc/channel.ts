import { z } from 'zod';

/** The two renderers. Each may use its own channels only: SECURITY(EL-05). */
export type Surface = 'dashboard' | 'approval';

export type Channel<
  Request extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
  On extends Surface = Surface,
> = {
  readonly surface: On;
  readonly request: Request;
  readonly response: Response;
};

/** Keeps the literal surface in the type: each surface's functions are picked by it (surface-api.ts). */
export function channel<Request extends z.ZodType, Response extends z.ZodType, On extends Surface>(
  definition: Channel<Request, Response, On>,
): Channel<Request, Response, On> {
  return definition;
}

/** A failure as a value: a stable code and a sentence for the person. */
export const failure = z.strictObject({ ok: z.literal(false), code: z.string(), message: z.string() });
export type Failure = z.infer<typeof failure>;
export type Reply<Value> = { readonly ok: true; readonly value: Value } | Failure;

/** "Nothing to say": a request or a response without members. */
export const nothing = z.strictObject({});
