/**
 * Typed request and response over a message port, for both directions at once. Each side checks what arrives with the
 * contract's schema; an answer that does not fit is a failure, never a guess.
 */
import type { z } from 'zod';

export type CallTable = { readonly [name: string]: { readonly request: z.ZodType; readonly response: z.ZodType } };

export type Handlers<Table extends CallTable> = {
  readonly [Name in keyof Table]: (
    request: z.infer<Table[Name]['request']>,
  ) => z.infer<Table[Name]['response']> | Promise<z.infer<Table[Name]['response']>>;
};

export type PortLike = { send(message: unknown): void; listen(listener: (message: unknown) => void): void };

export type MessageCalls<Outgoing extends CallTable> = {
  call<Name extends keyof Outgoing & string>(
    name: Name,
    request: z.infer<Outgoing[Name]['request']>,
  ): Promise<z.infer<Outgoing[Name]['response']>>;
  /** Fails every call that is under way: the other side is gone. */
  abandon(reason: string): void;
};

type Envelope =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly request: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly response: unknown }
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly ok: false;
      readonly code: string;
      readonly message: string;
    };

/** The other side failed on purpose: its AppError's code, and its message for developers. */
export class RemoteError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'RemoteError';
    this.code = code;
  }
}

export function connectCalls<Incoming extends CallTable, Outgoing extends CallTable>(
  port: PortLike,
  incoming: Incoming,
  handlers: Handlers<Incoming>,
  outgoing: Outgoing,
): MessageCalls<Outgoing> {
  let nextId = 1;
  const waiting = new Map<number, { name: string; resolve(value: unknown): void; reject(error: Error): void }>();

  port.listen((message) => {
    const envelope = message as Envelope;
    if (envelope?.type === 'call') void serve(envelope);
    else if (envelope?.type === 'answer') settle(envelope);
  });

  async function serve({ id, name, request }: Extract<Envelope, { type: 'call' }>): Promise<void> {
    try {
      if (!Object.hasOwn(incoming, name)) throw new RemoteError('usage', `no such call: ${name}`);
      const parsed = incoming[name]?.request.parse(request);
      const handler = handlers[name] as (parsed: unknown) => unknown;
      const response = incoming[name]?.response.parse(await handler(parsed));
      port.send({ type: 'answer', id, ok: true, response } satisfies Envelope);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected';
      port.send({ type: 'answer', id, ok: false, code, message: messageOf(error) } satisfies Envelope);
    }
  }

  function settle(envelope: Extract<Envelope, { type: 'answer' }>): void {
    const call = waiting.get(envelope.id);
    if (!call) return;
    waiting.delete(envelope.id);
    if (!envelope.ok) {
      call.reject(new RemoteError(envelope.code, envelope.message));
      return;
    }
    const parsed = outgoing[call.name]?.response.safeParse(envelope.response);
    if (parsed?.success) call.resolve(parsed.data);
    else call.reject(new RemoteError('unexpected', `the answer to ${call.name} does not fit the contract`));
  }

  return {
    call(name, request) {
      return new Promise((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { name, resolve: resolve as (value: unknown) => void, reject });
        port.send({ type: 'call', id, name, request } satisfies Envelope);
      });
    },
    abandon(reason) {
      for (const call of waiting.values()) call.reject(new RemoteError('gone', reason));
      waiting.clear();
    },
  };
}

/** Schema errors name paths only: a value could be an argument or a secret. */
function messageOf(error: unknown): string {
  if (error instanceof Error && error.name === 'ZodError' && 'issues' in error) {
    const issues = error.issues as readonly { path: readonly PropertyKey[]; code: string }[];
    return `does not fit the contract: ${issues.map((issue) => `${issue.path.join('.')} (${issue.code})`).join(', ')}`;
  }
  return error instanceof Error ? error.message : 'unexpected failure';
}
