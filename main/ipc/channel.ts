import { z } from 'zod';

/** The two renderers. Each may use its own channels only: SECURITY(EL-05). */
export type Surface = 'dashboard' | 'approval';

export type Channel<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> = {
  readonly surface: Surface;
  readonly request: Request;
  readonly response: Response;
};

export function channel<Request extends z.ZodType, Response extends z.ZodType>(
  definition: Channel<Request, Response>,
): Channel<Request, Response> {
  return definition;
}

/** A failure as a value: a stable code and a sentence for the person. */
export const failure = z.strictObject({ ok: z.literal(false), code: z.string(), message: z.string() });
export type Failure = z.infer<typeof failure>;
export type Reply<Value> = { readonly ok: true; readonly value: Value } | Failure;

/** "Nothing to say": a request or a response without members. */
export const nothing = z.strictObject({});
