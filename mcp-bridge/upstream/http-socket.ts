/**
 * Keeps what an upstream does to its connection from ending the whole process. SECURITY(MC-33): while an answer that ends
 * with its connection is held back, undici's parser asserts that it is not, once the connection ends or is reset; an
 * assertion in an event of a socket is an uncaught exception.
 *
 * A reset breaks the answer: undici takes it for the regular end of such an answer. To a connection that is idle it means
 * nothing: what waits for that one has sent nothing yet, and gets another.
 */
import type { Socket } from 'node:net';

/** Before undici listens to it. */
export function guardSocket(socket: Socket): void {
  socket.on('error', (error: NodeJS.ErrnoException) => {
    // What undici itself calls a connection that the other side has closed.
    if (error.code === 'ECONNRESET') error.code = 'UND_ERR_SOCKET';
  });
  const emit: (event: string | symbol, ...args: unknown[]) => boolean = socket.emit.bind(socket);
  socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== 'end') return emit(event, ...args);
    try {
      return emit(event, ...args);
    } catch (error) {
      socket.destroy(error as Error);
      return true;
    }
  };
}
