/** Mail and chat: who will read it comes first. */
import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';
import type { ViewPart } from './view-part.ts';
import { code, counted, headline } from './words.ts';

const RECIPIENTS =
  'to cc bcc recipient recipients channel channel_id channelId chat_id chatId user_id userId email emails room phone'.split(
    ' ',
  );
const SUBJECTS = ['subject', 'title'];
const BODIES = ['body', 'text', 'message', 'content', 'html', 'html_body', 'markdown'];

export function messageView({ call, classification }: Operation): ViewPart | undefined {
  if (classification.effect === 'delete') return undefined;
  const recipients = RECIPIENTS.flatMap((name) => textsAt(call.arguments, name));
  const body = BODIES.flatMap((name) => textsAt(call.arguments, name))[0];
  if (recipients.length === 0 || body === undefined) return undefined;
  const [first = ''] = recipients;
  const subject = SUBJECTS.flatMap((name) => textsAt(call.arguments, name))[0];
  return {
    headline:
      recipients.length === 1
        ? headline`Send a message to ${code(first)} by ${call.serverId}`
        : headline`Send a message to ${counted(recipients.length, 'recipient')} by ${call.serverId}`,
    consequence: 'What is sent cannot be called back.',
    irreversible: true,
    sections: [{ kind: 'message', recipients, ...(subject === undefined ? {} : { subject }), body }],
    names: recipients,
  };
}

function textsAt(args: JsonObject, name: string): readonly string[] {
  const value: JsonValue | undefined = Object.hasOwn(args, name) ? args[name] : undefined;
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value === 'number') return [String(value)];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
