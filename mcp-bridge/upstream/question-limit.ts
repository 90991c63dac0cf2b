/** SECURITY(MC-22): how often one call may ask. A server that goes on asking wants to wear a person down, or runs in circles. */
import { UpstreamRequestRefused } from './json-rpc.ts';

/** Each answered by a person; and each answered by a model, which servers with a loop of their own ask for often. */
const MAX_OF_PERSON = 32;
const MAX_IN_ALL = 512;

/** For one call; the function throws UpstreamRequestRefused for what is too much. */
export function createQuestionLimit(): (method: string) => void {
  let ofPerson = 0;
  let inAll = 0;
  return (method) => {
    inAll += 1;
    if (method === 'elicitation/create') ofPerson += 1;
    if (ofPerson > MAX_OF_PERSON || inAll > MAX_IN_ALL)
      throw new UpstreamRequestRefused(-32000, 'This call has asked too often.');
  };
}
