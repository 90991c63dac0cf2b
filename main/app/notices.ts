import type { DashboardState } from '../ipc/dashboard-state.ts';
import type { VaultMode } from '../vault/vault.ts';

/** Said plainly on screen: what protects less than it should, and what to do about it. */
export function noticesFor(
  vault: VaultMode,
  settingsProblem: string | undefined,
  sandboxIsOff: boolean,
): DashboardState['notices'] {
  const notices: DashboardState['notices'] = [];
  if (settingsProblem !== undefined) notices.push({ id: 'settings', severity: 'danger', text: settingsProblem });
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
