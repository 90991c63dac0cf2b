/**
 * Connections that have shown no right key yet (LO-06, LO-11).
 *
 * Anybody on this machine can open them, other users too. Beyond `most` the oldest gives way instead of the newest being
 * refused: who has a key shows it with the first request, long before its connection is the oldest.
 */
import type { Socket } from 'node:net';

export type UnprovenConnections = {
  add(socket: Socket): void;
  /** A right key came over it. */
  proven(socket: Socket): void;
};

export function createUnprovenConnections(most: number): UnprovenConnections {
  // in the order of their age
  const unproven = new Set<Socket>();
  return {
    add(socket) {
      unproven.add(socket);
      socket.once('close', () => unproven.delete(socket));
      const [oldest] = unproven;
      if (unproven.size <= most || oldest === undefined) return;
      unproven.delete(oldest);
      oldest.destroy();
    },
    proven(socket) {
      unproven.delete(socket);
    },
  };
}
