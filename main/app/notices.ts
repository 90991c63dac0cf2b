import type { DashboardState } from '../ipc/dashboard-state.ts';
import type { VaultMode } from '../vault/vault.ts';

/** Said plainly on screen: what protects less than it should, and what to do about it. */
export function noticesFor(
  vault: VaultMode,
  problems: readonly string[],
  sandboxIsOff: boolean,
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
  return notices;
}
