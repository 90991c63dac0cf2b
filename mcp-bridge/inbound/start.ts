/** Both ways in, with one set of sessions and limits between them. */
import { type HttpInbound, type HttpInboundOptions, startHttpInbound } from './http.ts';
import { createServing } from './serving.ts';
import { type SocketInbound, startSocketInbound } from './socket.ts';

export type InboundOptions = Omit<HttpInboundOptions, 'serving'> & {
  /** From `socketPathOf(dataDir)`. */
  readonly socketPath: string;
};

export type Inbound = {
  readonly http: HttpInbound;
  readonly socket: SocketInbound;
  /** Ends the calls, streams and connections of one AI client, or of all. */
  disconnect(mcpClientId?: string): void;
  close(): Promise<void>;
};

/** @throws AppError 'bridge.port-busy'; nothing listens then */
export async function startInbound(options: InboundOptions): Promise<Inbound> {
  const serving = createServing(options);
  const http = await startHttpInbound({ ...options, serving });
  try {
    const socket = await startSocketInbound(serving, options.socketPath);
    return {
      http,
      socket,
      disconnect: serving.disconnect,
      async close() {
        serving.stop();
        await Promise.all([http.close(), socket.close()]);
      },
    };
  } catch (error) {
    serving.stop();
    await http.close();
    throw error;
  }
}
