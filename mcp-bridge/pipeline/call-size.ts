/**
 * How many parts a request may have (LO-12, MC-16). Each name and each value is parsed, held to a schema, sorted into the
 * canonical form, frozen, searched for secrets and drawn, all on the thread that serves everybody: a name costs some ten
 * microseconds in all. 4 MiB of `"k1":1` would hold it for seconds; what is within these limits takes less than half of one.
 * Nothing is ever shown in part, so what is larger is refused whole.
 */
import { isJsonObject, type JsonValue } from '../core/model/json.ts';

/** A bulk insert of 2,500 rows with 20 columns has as many names. */
export const mostNames = 50_000;
/** Members and list items at every depth. */
export const mostValues = 250_000;

/** The sentence to refuse it with, or undefined where it is within the limits. Counts no further than it must. */
export function whyTooManyParts(params: JsonValue): string | undefined {
  let names = 0;
  let values = 1;
  const open: JsonValue[] = [params];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const members: readonly JsonValue[] = isJsonObject(value) ? Object.values(value) : (value as readonly JsonValue[]);
    if (isJsonObject(value)) names += members.length;
    values += members.length;
    if (names > mostNames) return sentence(`${grouped(mostNames)} names of members`);
    if (values > mostValues) return sentence(`${grouped(mostValues)} values`);
    for (const member of members) if (typeof member === 'object' && member !== null) open.push(member);
  }
  return undefined;
}

function sentence(limit: string): string {
  return `This request has more than ${limit}, more than Countersign checks and shows in one piece, so it was refused and nothing was sent. Split it into several.`;
}

function grouped(count: number): string {
  return `${Math.floor(count / 1_000)},${String(count % 1_000).padStart(3, '0')}`;
}
