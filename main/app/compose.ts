/** The only file that knows every part: makes them, and connects them. What each does is told where it lives. */
import path from 'node:path';
import { app, type BrowserWindow, powerMonitor, safeStorage, session, shell } from 'electron';
import type { AuditEvent } from '../../mcp-bridge/core/audit/record.ts';
import { approvalSurface } from '../approvals/approval-window.ts';
import { type Approvals, createApprovals } from '../approvals/approvals.ts';
import { nativeFallback } from '../approvals/native-fallback.ts';
import { type Authority, createAuthority } from '../authority/authority.ts';
import { knownParties } from '../authority/known-parties.ts';
import { settingsFile } from '../authority/settings-file.ts';
import { openSettings, type SettingsStore } from '../authority/settings-store.ts';
import { type BridgeHost, createBridgeHost } from '../bridge-host/bridge-host.ts';
import { keysForBridge } from '../clients/pairing.ts';
import { demoResource } from '../identity/demo-provider-configuration.ts';
import { type DemoProvider, startDemoProvider } from '../identity/demo-provider-process.ts';
import { createIdentity, type Identity } from '../identity/identity.ts';
import { handleChannels, push } from '../ipc/handle.ts';
import { createUpstreamSignIns, type UpstreamSignIns } from '../upstream-sign-in/upstream-sign-ins.ts';
import { openVault, type Vault } from '../vault/vault.ts';
import { serveApp } from './app-protocol.ts';
import { type AuditOutbox, createAuditOutbox } from './audit-outbox.ts';
import { bridgeHandlers } from './bridge-handlers.ts';
import { channelHandlers } from './channel-handlers.ts';
import { hardenSession } from './harden.ts';
import { highWaterClock } from './high-water-clock.ts';
import { initialSettings } from './initial-settings.ts';
import { publishAuthority } from './publish-authority.ts';
import { watchScreenLock } from './screen-lock.ts';
import { bindOauthClient, signInServer } from './sign-in-server.ts';
import { createStatusBoard } from './status-board.ts';
import { stopEverything } from './stop-everything.ts';
import { createTray } from './tray.ts';
import { createApprovalWindow, createDashboardWindow } from './windows.ts';

export type Desktop = {
  readonly folder: string;
  readonly appFolder: string;
  readonly settings: SettingsStore;
  readonly authority: Authority;
  readonly approvals: Approvals;
  readonly bridge: BridgeHost;
  readonly identity: Identity;
  readonly upstreamSignIns: UpstreamSignIns;
  readonly vault: Vault;
  /** Never rejects. */
  readonly auditSoon: AuditOutbox['soon'];
};

export async function openDesktop(folder: string): Promise<void> {
  const appFolder = app.getAppPath();
  hardenSession();
  serveApp(session.defaultSession, path.join(appFolder, 'dist', 'renderer'));

  const nowMs = highWaterClock();
  const monotonicMs = (): number => performance.now();
  const settings = openSettings(folder, initialSettings(process.env), settingsFile(folder));
  const vault = openVault(folder, safeStorage, process.platform);
  const board = createStatusBoard(() => push(dashboardWindow?.webContents, 'dashboard:changed', board.view()));
  const onChange = board.changed;

  const approvalWindow = createApprovalWindow();
  let dashboardWindow: BrowserWindow | undefined;
  const openDashboard = (): void => {
    if (dashboardWindow && !dashboardWindow.isDestroyed()) {
      dashboardWindow.show();
      dashboardWindow.focus();
      return;
    }
    dashboardWindow = createDashboardWindow();
    dashboardWindow.on('closed', () => {
      dashboardWindow = undefined;
    });
  };

  const audit = async (event: AuditEvent): Promise<void> => {
    await bridge.call('audit:append', { event });
  };
  const outbox = createAuditOutbox(audit);
  const authority = createAuthority(
    {
      nowMs,
      monotonicMs,
      publish: publishAuthority(() => bridge),
      audit,
      auditSoon: outbox.soon,
      onChange,
    },
    settings.get(),
  );

  const lock = watchScreenLock(powerMonitor, (reason) => approvals.denyAll(reason));
  const approvals = createApprovals({
    surface: approvalSurface(
      approvalWindow,
      {
        show: (payload) => push(approvalWindow.webContents, 'approval:show', payload),
        arming: (payload) => push(approvalWindow.webContents, 'approval:arming', payload),
      },
      monotonicMs,
      {
        closed: () => approvals.denyShown('The window was closed.'),
        rendererGone: () => approvals.surfaceLost(),
      },
    ),
    askNatively: nativeFallback(() => dashboardWindow),
    authority,
    known: () => knownParties(settings.get()),
    personLabel: () => identity.personLabel(),
    phrase: () => settings.get().phrase,
    screenLocked: lock.locked,
    nowMs,
    onChange,
  });

  const bridge = createBridgeHost({
    entry: path.join(appFolder, 'dist', 'mcp-bridge', 'utility.cjs'),
    setup: () => ({
      dataFolder: folder,
      port: settings.get().bridgePort,
      servers: Object.fromEntries(Object.entries(settings.get().servers).map(([id, { server }]) => [id, server])),
      mcpClients: keysForBridge(settings.get().mcpClients),
      review: 'person',
      authority: authority.snapshot(),
      version: app.getVersion(),
      launch: launchCommand(),
      sealKey: settings.keyFor('pins'),
    }),
    handlers: bridgeHandlers({ approvals, authority, board, upstreamSignIns: () => upstreamSignIns }),
    // SECURITY(I8): nobody waits any more for what the lost bridge asked.
    onLost: () => {
      approvals.denyAll('The bridge stopped.');
      void authority.bridgeLost();
    },
    onState: () => {
      if (bridge.state().state === 'ready') void outbox.flush();
      onChange();
    },
    environment: process.env,
  });

  let demoProvider: Promise<DemoProvider> | undefined;
  const identity = createIdentity({
    vault,
    nowMs,
    openExternal: (address) => shell.openExternal(address),
    provider: async () => {
      const { identityProvider } = settings.get();
      if (identityProvider.kind === 'own') {
        const { issuer, oauthClientId } = identityProvider;
        return { issuer, oauthClientId, scopes: ['openid', 'profile', 'email', 'offline_access'] };
      }
      demoProvider ??= startDemoProvider(
        path.join(appFolder, 'dist', 'identity', 'demo-provider.mjs'),
        path.join(folder, 'demo-provider'),
      );
      demoProvider.catch(() => {
        demoProvider = undefined;
      });
      const { issuer, oauthClientId } = await demoProvider;
      return {
        issuer,
        oauthClientId,
        resource: demoResource,
        scopes: ['openid', 'profile', 'email', 'offline_access', 'tools:read'],
      };
    },
    audit: (kind, subject, issuer) => outbox.soon({ kind, subject, issuer }),
    onChange,
  });

  const upstreamSignIns = createUpstreamSignIns({
    vault,
    nowMs,
    openExternal: (address) => shell.openExternal(address),
    server: (serverId) => signInServer(settings.get(), vault, serverId),
    need: board.signInNeed,
    tellBridge: (serverId) => bridge.call('servers:sign-in-changed', { serverId }),
    bindOauthClient: (serverId, issuer) => bindOauthClient(vault, serverId, issuer),
    audit: (kind, serverId, issuer) => outbox.soon({ kind, serverId, issuer }),
    onChange,
  });

  const desktop: Desktop = {
    folder,
    appFolder,
    settings,
    authority,
    approvals,
    bridge,
    identity,
    upstreamSignIns,
    vault,
    auditSoon: outbox.soon,
  };
  board.connect(desktop, vault.mode);
  handleChannels(channelHandlers(desktop, board), (surface) =>
    surface === 'approval' ? approvalWindow.webContents : dashboardWindow?.webContents,
  );

  openDashboard();
  createTray({
    openDashboard,
    stopEverything: () => void stopEverything(desktop, 'The person stopped everything from the tray.'),
  });
  app.on('second-instance', openDashboard);
  app.on('activate', openDashboard);
  app.on('window-all-closed', () => {}); // the bridge goes on in the tray
  closeInOrder(async () => {
    approvals.denyAll('Countersign was closed.');
    await bridge.stop();
    (await demoProvider?.catch(() => undefined))?.stop();
    approvalWindow.destroy();
  });
  await bridge.start();
}

/** Quits only after everything that waits was denied and the ledger is closed. */
function closeInOrder(close: () => Promise<void>): void {
  let closing = false;
  app.on('before-quit', (event) => {
    event.preventDefault(); // also the second time: the end is `close`, and then the exit
    if (closing) return;
    closing = true;
    void close().finally(() => app.exit(0));
  });
}

/** How this very app is started again; from a checkout Electron is told which app to run. */
function launchCommand(): { command: string; args: string[] } {
  if (app.isPackaged) return { command: process.execPath, args: [] };
  const switches = app.commandLine.hasSwitch('no-sandbox') ? ['--no-sandbox'] : [];
  return { command: process.execPath, args: [...switches, app.getAppPath()] };
}
