import type { KnowledgeFacts } from '../../model/facts.ts';
import type { Operation } from '../../model/operation.ts';
import type { ViewPart } from './view-part.ts';
import { code, counted, headline, pluralOf } from './words.ts';

export function objectsView({ action, noun, objects }: KnowledgeFacts, { call }: Operation): ViewPart {
  const [first] = objects;
  const words = WORDS[action];
  const what = counted(objects.length, noun);
  const isOne = objects.length === 1 && first !== undefined;
  return {
    headline: isOne
      ? headline`${words.verb} ${noun} ${code(first.name)} ${words.preposition} ${call.serverId}`
      : headline`${words.verb} ${what} ${words.preposition} ${call.serverId}`,
    consequence: words.consequence,
    sections: [{ kind: 'list', title: capitalised(objects.length === 1 ? noun : pluralOf(noun)), items: objects }],
    names: objects.map((object) => object.name),
    confirmName: isOne ? first.name : undefined,
    ...(action === 'delete' ? { approveLabel: `Delete ${what}` } : {}),
  };
}

const WORDS = {
  create: { verb: 'Create', preposition: 'in', consequence: 'Adds to what is kept there.' },
  change: { verb: 'Change', preposition: 'in', consequence: 'Changes what is kept there.' },
  delete: { verb: 'Delete', preposition: 'from', consequence: 'Gone for good: there is no way to bring it back.' },
} as const;

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
