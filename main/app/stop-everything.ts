import type { Desktop } from './compose.ts';

/** Denies what waits, revokes every grant, refuses every call, disconnects every AI client: in this order, at once. */
export async function stopEverything(
  { approvals, authority, bridge }: Pick<Desktop, 'approvals' | 'authority' | 'bridge'>,
  reason: string,
): Promise<void> {
  approvals.denyAll('Everything was stopped.');
  await authority.stopEverything(reason);
  await bridge.call('mcp-clients:disconnect', {});
}
