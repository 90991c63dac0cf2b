/** For a call whose effect no parser knows in full: what runs where, which attributes are known, and the arguments. */
import type { Effect } from '../../model/effect.ts';
import type { Operation } from '../../model/operation.ts';
import { codeView } from './code-view.ts';
import { messageView } from './message-view.ts';
import { requestView } from './request-view.ts';
import type { ViewPart } from './view-part.ts';
import { code, headline, machineFact } from './words.ts';

export function genericView(operation: Operation): ViewPart {
  const part = viewByDomain(operation) ?? plainView(operation);
  return { ...part, facts: [...(part.facts ?? []), ...attributeFacts(operation)] };
}

function viewByDomain(operation: Operation): ViewPart | undefined {
  switch (operation.classification.domain) {
    case 'database':
    case 'shell':
    case 'infrastructure':
      return codeView(operation);
    case 'message':
      return messageView(operation);
    case 'web':
      return requestView(operation);
    default:
      return (operation.classification.code ?? []).length > 0 ? codeView(operation) : undefined;
  }
}

function plainView({ call, classification }: Operation): ViewPart {
  return {
    headline: headline`Run ${code(call.toolName)} on ${call.serverId}`,
    consequence: CONSEQUENCES[classification.effect],
  };
}

const CONSEQUENCES: { readonly [Kind in Effect]: string } = {
  read: 'Reads only.',
  write: 'Changes something there. The arguments below are all that is known of it.',
  delete: 'May delete or destroy something there. The arguments below are all that is known of it.',
};

const LABELS: { readonly [name: string]: string } = {
  repository: 'Repository',
  branch: 'Branch',
  remote: 'Remote',
  path: 'Path',
};

function attributeFacts({ gathered }: Operation) {
  return Object.entries(LABELS).flatMap(([name, label]) => {
    const value = gathered.attributes[name];
    return value === undefined ? [] : [machineFact(label, String(value))];
  });
}
