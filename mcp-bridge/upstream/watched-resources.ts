/** Resources that AI clients watch at one upstream: subscribed again when the upstream was restarted. */
import type { UpstreamOutcome, UpstreamRequest } from '../pipeline/ports.ts';
import type { UpstreamConnection } from './connection.ts';

const MAX_WATCHED = 1_000;

export class WatchedResources {
  readonly #uris = new Set<string>();

  /** Before it is sent, since the first update may come with the answer. True: it was not watched until now. */
  expect({ method, params }: UpstreamRequest): boolean {
    const { uri } = params;
    if (method !== 'resources/subscribe' || typeof uri !== 'string') return false;
    if (this.#uris.has(uri) || this.#uris.size >= MAX_WATCHED) return false;
    this.#uris.add(uri);
    return true;
  }

  note({ method, params }: UpstreamRequest, outcome: UpstreamOutcome, isNew: boolean): void {
    const { uri } = params;
    if (typeof uri !== 'string') return;
    const isOver = method === 'resources/unsubscribe' && outcome.kind === 'answered';
    if (isOver || (isNew && outcome.kind !== 'answered')) this.#uris.delete(uri);
  }

  has(uri: string): boolean {
    return this.#uris.has(uri);
  }

  async restore(connection: UpstreamConnection): Promise<void> {
    const { signal } = new AbortController();
    await Promise.all([...this.#uris].map((uri) => connection.ask('resources/subscribe', { uri }, signal)));
  }
}
