/** The redactor of the path of a call, over the secrets that the vault holds at that moment. */
import type { JsonObject } from '../model/json.ts';
import { createJsonRedactor, type JsonRedactor } from './redact-json.ts';

type Redactor = {
  redact(result: JsonObject): { readonly result: JsonObject; readonly redactions: number };
};

/** `secrets` is asked for each result; the tables are made anew only when its answer is another list than before. */
export function createRedactor(secrets: () => readonly string[]): Redactor {
  let asked: readonly string[] | undefined;
  let known: readonly string[] = [];
  let redactor: JsonRedactor = createJsonRedactor(known);
  return {
    redact(result) {
      const current = secrets();
      if (current !== asked) {
        asked = current;
        if (current.length !== known.length || current.some((secret, index) => secret !== known[index])) {
          known = [...current];
          redactor = createJsonRedactor(known);
        }
      }
      const { value, redactions } = redactor(result);
      return { result: value, redactions };
    },
  };
}
