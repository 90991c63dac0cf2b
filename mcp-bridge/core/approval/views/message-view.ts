/** Mail and chat: who will read it comes first, then what; attachments by name. */
import type { ListItem, Section } from '../../model/effect-view.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';
import type { ViewPart } from './view-part.ts';
import { code, headline } from './words.ts';

type Recipients = Extract<Section, { kind: 'message' }>['recipients'];

const RECIPIENTS: readonly (readonly [string, string])[] = [
  ['To', 'to recipient recipients email emails user_id userId phone phone_number phoneNumber'],
  ['Cc', 'cc'],
  ['Bcc', 'bcc'],
  ['Channel', 'channel channel_id channelId chat_id chatId room room_id conversation_id'],
];
const SUBJECTS = ['subject', 'title'];
const BODIES = ['body', 'text', 'message', 'content', 'html', 'html_body', 'htmlBody', 'markdown'];
const ATTACHMENTS = ['attachments', 'attachment', 'files', 'file_paths', 'filePaths'];
const SENDS = /^(send|post|reply|forward|publish|notify|message|broadcast)/;

export function messageView({ call, classification }: Operation): ViewPart | undefined {
  if (classification.effect === 'delete') return undefined;
  const { arguments: args } = call;
  const recipients = recipientsOf(args);
  const body = namedText(args, BODIES);
  const [first] = recipients.flatMap(({ names }) => names);
  if (first === undefined || body === undefined) return undefined;
  const count = recipients.reduce((sum, { names }) => sum + names.length, 0);
  const subject = namedText(args, SUBJECTS);
  const attachments = ATTACHMENTS.flatMap((name) => itemsAt(args, name));
  const sends = classification.action === undefined || SENDS.test(classification.action);
  return {
    headline: headline`${sends ? 'Send' : 'Write'} a message to ${code(first)}${count === 1 ? '' : ` and ${count - 1} more`} by ${call.serverId}`,
    consequence: sends
      ? 'What is sent cannot be called back.'
      : 'It may be sent at once, and cannot be called back then.',
    irreversible: true,
    sections: [
      {
        kind: 'message',
        recipients,
        ...(subject === undefined ? {} : { subject: subject.text }),
        body: body.text,
        ...(attachments.length === 0 ? {} : { attachments }),
      },
    ],
    names: recipients.flatMap(({ names }) => names),
    approveLabel: sends ? 'Send the message' : 'Approve once',
    shown: [
      ...RECIPIENTS.flatMap(([, names]) => names.split(' ')).filter((name) => typeof memberAt(args, name) === 'string'),
      ...(subject === undefined ? [] : [subject.name]),
      body.name,
    ],
  };
}

/** True of a call that addresses, titles and fills a message, whatever its tool is called. */
export function looksLikeMessage({ call }: Operation): boolean {
  const has = (names: readonly string[]) => names.some((name) => Object.hasOwn(call.arguments, name));
  return has(['to', 'recipient', 'recipients']) && has(['subject']) && has(BODIES);
}

function recipientsOf(args: JsonObject): Recipients {
  return RECIPIENTS.flatMap(([label, names]) => {
    const found = names.split(' ').flatMap((name) => itemsAt(args, name));
    return found.length === 0 ? [] : [{ label, names: found.map(({ name }) => name) }];
  });
}

/** Every entry has a name: a member that says it, or the whole entry as JSON. Nothing is passed over. */
function itemsAt(args: JsonObject, name: string): readonly ListItem[] {
  const value = memberAt(args, name);
  if (value === undefined || value === null || value === '') return [];
  return (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).map((item) => ({ name: nameOf(item) }));
}

function nameOf(item: JsonValue): string {
  if (typeof item === 'string') return item;
  const keys = isJsonObject(item) ? ['email', 'address', 'filename', 'file_name', 'path', 'name', 'id'] : [];
  const named = keys.map((key) => (item as JsonObject)[key]).find((value) => typeof value === 'string' && value !== '');
  return typeof named === 'string' ? named : JSON.stringify(item);
}

function namedText(args: JsonObject, names: readonly string[]) {
  const name = names.find((each) => typeof memberAt(args, each) === 'string' && memberAt(args, each) !== '');
  return name === undefined ? undefined : { name, text: args[name] as string };
}

function memberAt(args: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}
