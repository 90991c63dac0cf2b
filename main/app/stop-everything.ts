import type { Desktop } from './compose.ts';

/** Denies what waits, revokes every grant, refuses every call, disconnects every AI client: in this order, at once. */
export async function stopEverything(
  { approvals, authority, bridge, settings }: Pick<Desktop, 'approvals' | 'authority' | 'bridge' | 'settings'>,
  reason: string,
): Promise<void> {
  approvals.denyAll('Everything was stopped.');
  await authority.stopEverything(reason);
  // A bridge that is starting hangs up when it can; it refuses every call from now on all the same.
  const hungUp = bridge.call('mcp-clients:disconnect', {}).catch(() => ({}));
  if (bridge.state().state === 'ready') await hungUp;
  const stopped = authority.stopped();
  settings.update(({ stopped: _before, ...now }) => (stopped === undefined ? now : { ...now, stopped }));
}
