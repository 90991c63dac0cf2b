/** For a call whose effect no parser knows in full: what runs where, which attributes are known, and the arguments. */
import type { Effect } from '../../model/effect.ts';
import type { Operation } from '../../model/operation.ts';
import { codeView } from './code-view.ts';
import { type IdentifiedObjects, identifiedObjects } from './identified-objects.ts';
import { looksLikeMessage, messageView } from './message-view.ts';
import { requestView } from './request-view.ts';
import type { ViewPart } from './view-part.ts';
import { code, counted, headline, machineFact } from './words.ts';

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
      if ((operation.classification.code ?? []).length > 0) return codeView(operation);
      return looksLikeMessage(operation) ? messageView(operation) : undefined;
  }
}

function plainView(operation: Operation): ViewPart {
  const { call, classification } = operation;
  const objects = identifiedObjects(operation);
  if (objects !== undefined) return deletionView(objects, operation);
  return {
    headline: headline`Run ${code(call.toolName)} on ${call.serverId}${classification.uninterpreted ? ', which could not be interpreted' : ''}`,
    consequence: CONSEQUENCES[classification.effect],
  };
}

function deletionView({ argumentName, names, texts }: IdentifiedObjects, { call }: Operation): ViewPart {
  const [first = ''] = names;
  const isOne = names.length === 1;
  const what = counted(names.length, 'object');
  return {
    headline: isOne
      ? headline`Delete ${code(first)} on ${call.serverId} by ${code(call.toolName)}`
      : headline`Delete ${what} on ${call.serverId} by ${code(call.toolName)}`,
    consequence: 'Countersign cannot bring back what this deletes.',
    sections: isOne ? [] : [{ kind: 'list', title: 'What it names', items: names.map((name) => ({ name })) }],
    names,
    confirmName: isOne ? first : undefined,
    ...(texts && !isOne ? { shown: [argumentName] } : {}),
    approveLabel: `Delete ${what}`,
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
