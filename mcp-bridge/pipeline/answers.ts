import type { JsonObject } from '../core/model/json.ts';
import type { InboundAnswer } from './ports.ts';

/** A refusal that the model reads: a tool result with `isError` (MCP 2026-07-28, Tools, Error Handling). */
export function refusal(sentence: string): InboundAnswer {
  return { kind: 'result', result: { content: [{ type: 'text', text: sentence }], isError: true } };
}

/** @param reason one sentence */
export function notAvailable(reason: string): InboundAnswer {
  return refusal(`The server behind this tool is not available: ${reason} Nothing was sent; call again.`);
}

export function rpcError(code: number, message: string, data?: JsonObject): InboundAnswer {
  return data === undefined ? { kind: 'error', code, message } : { kind: 'error', code, message, data };
}
