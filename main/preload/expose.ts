/**
 * What a preload puts on `window.countersign`: one function per channel of its surface and one subscription per push,
 * derived from the contract. SECURITY(EL-05, EL-06): no function takes a channel name, no event object and no
 * ipcRenderer crosses the bridge, everything is frozen.
 *
 * On the wire: `ipcRenderer.invoke(channelName, message)` answers a Reply; a push is sent under its own name with
 * the payload as the only argument.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { Reply, Surface } from '../ipc/channel.ts';
import { channels, pushes } from '../ipc/contract.ts';

export function exposeSurface(surface: Surface): void {
  const call = Object.fromEntries(
    namesOn(channels, surface).map((name) => [name, (message: unknown) => invoke(name, message)]),
  );
  const on = Object.fromEntries(
    namesOn(pushes, surface).map((name) => [name, (listener: (payload: unknown) => void) => subscribe(name, listener)]),
  );
  contextBridge.exposeInMainWorld('countersign', Object.freeze({ call: Object.freeze(call), on: Object.freeze(on) }));
}

function namesOn(declared: { readonly [name: string]: { readonly surface: Surface } }, surface: Surface): string[] {
  return Object.keys(declared).filter((name) => declared[name]?.surface === surface);
}

async function invoke(name: string, message: unknown): Promise<Reply<unknown>> {
  try {
    return (await ipcRenderer.invoke(name, message)) as Reply<unknown>;
  } catch {
    // What main threw stays in main: a renderer learns only that there is no answer.
    return { ok: false, code: 'ipc.failed', message: 'Countersign did not answer. Try again.' };
  }
}

function subscribe(name: string, listener: (payload: unknown) => void): () => void {
  const forward = (_event: unknown, payload: unknown) => listener(payload);
  ipcRenderer.on(name, forward);
  return () => {
    ipcRenderer.removeListener(name, forward);
  };
}
