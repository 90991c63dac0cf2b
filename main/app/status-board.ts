/** Collects what the parts report and tells the dashboard, at most some twenty times a second. */
import { app } from 'electron';
import type { BridgeStatus, SignInNeed } from '../../mcp-bridge/process/contract.ts';
import type { DashboardState } from '../ipc/dashboard-state.ts';
import type { VaultMode } from '../vault/vault.ts';
import type { Desktop } from './compose.ts';
import { dashboardView } from './dashboard-view.ts';
import { noticesFor } from './notices.ts';

export type StatusBoard = {
  connect(desktop: Desktop, vault: VaultMode): void;
  report(status: BridgeStatus): void;
  changed(): void;
  view(): DashboardState;
  /** What a server wants the person to sign in for, as the bridge last said. */
  signInNeed(serverId: string): SignInNeed | undefined;
};

const pushAfterMs = 50;

function problems(ofSettings: string | undefined, status: BridgeStatus | undefined): readonly string[] {
  return [...(ofSettings === undefined ? [] : [ofSettings]), ...(status?.problems ?? [])];
}

export function createStatusBoard(tell: () => void): StatusBoard {
  let parts: { readonly desktop: Desktop; readonly vault: VaultMode } | undefined;
  let status: BridgeStatus | undefined;
  let timer: NodeJS.Timeout | undefined;

  function changed(): void {
    if (!parts) return;
    if (timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      tell();
    }, pushAfterMs);
  }

  return {
    connect(desktop, vault) {
      parts = { desktop, vault };
    },
    changed,
    report(next) {
      status = { ...next, servers: next.servers ?? status?.servers ?? [] };
      changed();
    },
    signInNeed: (serverId) => status?.servers?.find((server) => server.serverId === serverId)?.signIn,
    view() {
      if (!parts) throw new TypeError('the dashboard asked before the app was put together');
      const { settings, authority, approvals, bridge, identity, upstreamSignIns } = parts.desktop;
      const { vault } = parts;
      return dashboardView({
        settings: settings.get(),
        identity: identity.state(),
        vault,
        upstreamSignIns,
        bridge: bridge.state(),
        status,
        readGrants: authority.readGrants(),
        sessionGrants: authority.sessionGrants(),
        guardrails: authority.guardrails(),
        stopped: authority.stopped(),
        pending: approvals.pending(),
        notices: noticesFor(
          vault,
          problems(settings.problem, status),
          app.commandLine.hasSwitch('no-sandbox'),
          status?.wrongKeys,
        ),
        version: app.getVersion(),
      });
    },
  };
}
