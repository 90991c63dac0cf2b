/**
 * A fake of `window.countersign`: what the renderers see of main, without Electron. It answers from a table, keeps
 * every message it got, and lets the test push. Runs inside the page (`page.addInitScript`), so it must not use
 * anything from outside itself.
 */
import type { Reply } from '../../main/ipc/channel.ts';

export type FakeReplies = { readonly [channelName: string]: Reply<unknown> };
export type FakeSurface = {
  readonly sent: { readonly name: string; readonly message: unknown }[];
  readonly push: (name: string, payload: unknown) => void;
  readonly answerWith: (name: string, reply: unknown) => void;
};

export function installFakeSurface(given: {
  readonly calls: readonly string[];
  readonly pushes: readonly string[];
  readonly replies: FakeReplies;
}): void {
  const replies: { [name: string]: unknown } = { ...given.replies };
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const sent: { name: string; message: unknown }[] = [];
  const call = Object.fromEntries(
    given.calls.map((name) => [
      name,
      async (message: unknown) => {
        sent.push({ name, message });
        return replies[name] ?? { ok: true, value: {} };
      },
    ]),
  );
  const on = Object.fromEntries(
    given.pushes.map((name) => [
      name,
      (listener: (payload: unknown) => void) => {
        const all = listeners.get(name) ?? new Set();
        listeners.set(name, all.add(listener));
        return () => all.delete(listener);
      },
    ]),
  );
  const fake: FakeSurface = {
    sent,
    push: (name, payload) => {
      for (const listener of listeners.get(name) ?? []) listener(payload);
    },
    answerWith: (name, reply) => {
      replies[name] = reply;
    },
  };
  Object.assign(globalThis, { countersign: Object.freeze({ call, on }), fake: () => fake });
}
