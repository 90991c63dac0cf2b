/**
 * The only user of ipcMain. Every message is checked for its sender (surface, window, main frame, our own address) and
 * its shape; failures go back as values (EL-05).
 */
import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { z } from 'zod';
import { AppError, isErrorCode } from '../../mcp-bridge/core/errors.ts';
import { RemoteError } from '../../mcp-bridge/process/message-calls.ts';
import type { Channel, Reply, Surface } from './channel.ts';
import {
  type ChannelName,
  channels,
  type PayloadOf,
  type PushName,
  type RequestOf,
  type ResponseOf,
} from './contract.ts';

export type ChannelHandlers = {
  readonly [Name in ChannelName]: (request: RequestOf<Name>) => ResponseOf<Name> | Promise<ResponseOf<Name>>;
};

/** Whose frame may speak for a surface: undefined while there is no such window. */
export type SurfaceWindows = (surface: Surface) => WebContents | undefined;

export const surfaceAddress = (surface: Surface): string => `app://countersign/${surface}/index.html`;
const mostCharacters = 200_000;

export function handleChannels(handlers: ChannelHandlers, windows: SurfaceWindows): void {
  for (const name of Object.keys(channels) as ChannelName[]) {
    ipcMain.handle(name, (event, request: unknown) => answer(name, handlers, windows, event, request));
  }
}

async function answer<Name extends ChannelName>(
  name: Name,
  handlers: ChannelHandlers,
  windows: SurfaceWindows,
  event: IpcMainInvokeEvent,
  request: unknown,
): Promise<Reply<ResponseOf<Name>>> {
  const definition: Channel = channels[name];
  if (!isFromSurface(event, definition.surface, windows)) return refused('ipc.foreign-sender', 'Refused.');
  try {
    if (JSON.stringify(request ?? null).length > mostCharacters) return refused('ipc.too-large', 'That is too long.');
    const parsed = definition.request.parse(request) as RequestOf<Name>;
    const handler = handlers[name] as (parsed: RequestOf<Name>) => ResponseOf<Name> | Promise<ResponseOf<Name>>;
    return { ok: true, value: definition.response.parse(await handler(parsed)) as ResponseOf<Name> };
  } catch (error) {
    return failureOf(error);
  }
}

/** SECURITY(EL-05, DG-14): the right window, its top frame, showing our own page, and nothing else. */
function isFromSurface(event: IpcMainInvokeEvent, surface: Surface, windows: SurfaceWindows): boolean {
  const expected = windows(surface);
  const frame = event.senderFrame;
  return (
    expected !== undefined &&
    event.sender.id === expected.id &&
    frame !== null &&
    frame.routingId === expected.mainFrame.routingId &&
    frame.processId === expected.mainFrame.processId &&
    frame.url === surfaceAddress(surface)
  );
}

export function push<Name extends PushName>(
  target: WebContents | undefined,
  name: Name,
  payload: PayloadOf<Name>,
): void {
  if (target && !target.isDestroyed()) target.send(name, payload);
}

function failureOf(error: unknown): Reply<never> {
  if (error instanceof AppError)
    return refused(error.code, error.code === 'config.invalid' ? error.message : error.userMessage);
  if (error instanceof RemoteError) return bridgeFailure(error);
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return refused('ipc.invalid', `${issue?.path.join('.') || 'The input'}: ${issue?.message ?? 'not valid'}.`);
  }
  return refused('unexpected', 'That did not work. Look whether anything was changed, then try again.');
}

/** The bridge's own refusals, told as ours; of anything else that it says no word is passed on. */
function bridgeFailure({ code, message }: RemoteError): Reply<never> {
  if (code === 'config.invalid') return refused(code, message);
  const known = code === 'gone' ? 'bridge.not-running' : code;
  return isErrorCode(known)
    ? refused(known, new AppError(known, message).userMessage)
    : refused('unexpected', 'That did not work in the bridge. Try again.');
}

function refused(code: string, message: string): Reply<never> {
  return { ok: false, code, message };
}
