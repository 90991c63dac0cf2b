import type { BridgeStatus } from '../../mcp-bridge/process/contract.ts';
import type { DashboardState } from '../ipc/dashboard-state.ts';
import type { VaultMode } from '../vault/vault.ts';

/** Said plainly on screen: what protects less than it should, and what to do about it. */
export function noticesFor(
  vault: VaultMode,
  problems: readonly string[],
  sandboxIsOff: boolean,
  wrongKeys?: BridgeStatus['wrongKeys'],
): DashboardState['notices'] {
  const notices: DashboardState['notices'] = [];
  for (const [position, text] of problems.entries())
    notices.push({ id: `problem-${position}`, severity: 'danger', text });
  if (sandboxIsOff) {
    notices.push({
      id: 'sandbox',
      severity: 'danger',
      text: 'Chromium’s sandbox is off, because the app runs as root. Start it as an ordinary user.',
    });
  }
  if (vault.mode === 'memory') {
    notices.push({ id: 'vault', severity: 'warning', text: `${vault.reason} You sign in again after every start.` });
  }
  // SECURITY(LO-06): said where the person looks anyhow; a guesser must not be able to take the screen
  if (wrongKeys !== undefined) notices.push({ id: 'wrong-keys', severity: 'warning', text: aboutWrongKeys(wrongKeys) });
  return notices;
}

function aboutWrongKeys({ tries, lastAt }: NonNullable<BridgeStatus['wrongKeys']>): string {
  const times = tries === 1 ? 'once' : `${tries} times`;
  const last = `${lastAt.slice(0, 10)} at ${lastAt.slice(11, 16)} UTC`;
  return `A program on this machine came to the bridge with a wrong key ${times}, last on ${last}. Nothing was let in. It may be an AI client that was removed, or one with an older key: connect it again. If you know of none, look for a program that is guessing.`;
}
