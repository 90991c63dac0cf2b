/** Resources that AI clients watch at one upstream: subscribed again when the upstream was restarted. */
import type { UpstreamOutcome, UpstreamRequest } from '../pipeline/ports.ts';
import type { UpstreamConnection } from './connection.ts';

const MAX_WATCHED = 1_000;

export class WatchedResources {
  readonly #uris = new Set<string>();

  note({ method, params }: UpstreamRequest, outcome: UpstreamOutcome): void {
    const { uri } = params;
    if (typeof uri !== 'string' || outcome.kind !== 'answered') return;
    if (method === 'resources/subscribe' && this.#uris.size < MAX_WATCHED) this.#uris.add(uri);
    if (method === 'resources/unsubscribe') this.#uris.delete(uri);
  }

  async restore(connection: UpstreamConnection): Promise<void> {
    const { signal } = new AbortController();
    await Promise.all([...this.#uris].map((uri) => connection.ask('resources/subscribe', { uri }, signal)));
  }
}
