/**
 * Who is told when something changed: the GET streams and socket connections of the initialize era, and the
 * `subscriptions/listen` streams of 2026-07-28. One subscription to the bridge feeds them all.
 */
import type { JsonObject } from '../core/model/json.ts';
import type { BridgeEndpoint, BridgeHandler } from '../pipeline/ports.ts';

export type ChangeStream = {
  readonly mcpClientId: string;
  readonly endpoint: BridgeEndpoint;
  /**
   * Of streams with the same slot only the newest is kept: a message goes out on one stream of a session
   * (MCP 2025-11-25 Streamable HTTP, Multiple Connections), and an AI client that reconnects has not always hung up.
   */
  readonly slot?: string | undefined;
  accepts(method: string, params: JsonObject): boolean;
  send(method: string, params: JsonObject): void;
  /** The bridge ends the stream: its key was revoked, or the bridge closes. */
  end(): void;
};

export type ChangeStreams = {
  /** undefined when this AI client has `mostPerClient` streams; else the function that takes the stream out. */
  open(stream: ChangeStream): (() => void) | undefined;
  endAll(mcpClientId?: string): void;
  /** Ends every stream and the subscription to the bridge. */
  stop(): void;
};

export function createChangeStreams(handler: BridgeHandler, mostPerClient: number): ChangeStreams {
  const streams = new Set<ChangeStream>();
  const unsubscribe = handler.subscribe(({ endpointServerId, method, params }) => {
    for (const stream of [...streams]) {
      const concerned = stream.endpoint.kind === 'all' || stream.endpoint.serverId === endpointServerId;
      const offered = handler.isOffered?.(stream.mcpClientId, endpointServerId) ?? true;
      if (concerned && offered && stream.accepts(method, params)) stream.send(method, params);
    }
  });
  const endAll = (mcpClientId?: string): void => {
    for (const stream of [...streams]) {
      if (mcpClientId === undefined || stream.mcpClientId === mcpClientId) stream.end();
    }
  };
  return {
    open(stream) {
      for (const other of [...streams]) if (stream.slot !== undefined && other.slot === stream.slot) other.end();
      let ofClient = 0;
      for (const other of streams) if (other.mcpClientId === stream.mcpClientId) ofClient++;
      if (ofClient >= mostPerClient) return undefined;
      streams.add(stream);
      return () => streams.delete(stream);
    },
    endAll,
    stop() {
      unsubscribe();
      endAll();
    },
  };
}

/** In the initialize era every list change is for everyone, a resource update only for who subscribed to its URI. */
export function acceptsUnsolicited(
  subscribedUris: { has(uri: string): boolean },
  method: string,
  params: JsonObject,
): boolean {
  if (method !== 'notifications/resources/updated') return method.startsWith('notifications/');
  return typeof params['uri'] === 'string' && subscribedUris.has(params['uri']);
}
