/**
 * Requests that the bridge passes to an AI client (elicitation, sampling, roots) and the answers that come back.
 *
 * SECURITY(MC-22, MC-23): ids are 128 random bits, and an answer counts only when it comes from the AI client and the
 * scope that was asked; anybody else's is dropped without a word.
 */
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../core/model/json.ts';
import { type JsonRpcResponse, notificationMessage } from './json-rpc.ts';
import type { CallScope } from './open-calls.ts';

/** The AI client answered with a JSON-RPC error, or can no longer answer. */
export class McpClientRefusal extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.name = 'McpClientRefusal';
    this.code = code;
    this.data = data;
  }
}

export type ClientQuestions = {
  /** Rejects with McpClientRefusal. Aborting tells the AI client that the question is withdrawn. */
  ask(
    scope: CallScope,
    method: string,
    params: JsonObject,
    push: (message: JsonObject) => void,
    signal: AbortSignal,
  ): Promise<JsonObject>;
  answer(scope: CallScope, response: JsonRpcResponse): void;
};

type Waiting = { readonly scope: CallScope; settle(response: JsonRpcResponse): void };

const gone = -32000;

export function createClientQuestions(): ClientQuestions {
  const waiting = new Map<string, Waiting>();
  return {
    ask(scope, method, params, push, signal) {
      if (signal.aborted) return Promise.reject(new McpClientRefusal(gone, 'the call has ended'));
      return new Promise((resolve, reject) => {
        const id = `cs-${randomBytes(16).toString('base64url')}`;
        const withdraw = (): void => {
          waiting.delete(id);
          push(notificationMessage('notifications/cancelled', { requestId: id, reason: 'the call has ended' }));
          reject(new McpClientRefusal(gone, 'the call has ended'));
        };
        waiting.set(id, {
          scope,
          settle(response) {
            waiting.delete(id);
            signal.removeEventListener('abort', withdraw);
            if (response.result !== undefined) resolve(response.result);
            else reject(refusalFrom(response.error ?? {}));
          },
        });
        signal.addEventListener('abort', withdraw, { once: true });
        push({ jsonrpc: '2.0', id, method, params });
      });
    },
    answer(scope, response) {
      const question = waiting.get(String(response.id));
      if (question?.scope.mcpClientId !== scope.mcpClientId || question.scope.scopeKey !== scope.scopeKey) return;
      question.settle(response);
    },
  };
}

function refusalFrom({ code, message, data }: JsonObject): McpClientRefusal {
  return new McpClientRefusal(
    typeof code === 'number' ? code : gone,
    typeof message === 'string' ? message : 'the AI client refused',
    data,
  );
}
