import path from 'node:path';
import { app, BrowserWindow, nativeTheme } from 'electron';
import { approvalWidthPx } from '../approvals/approval-window.ts';
import { surfaceAddress } from '../ipc/handle.ts';
import { rendererPreferences } from './harden.ts';

/** `background` of LOOK.md, so that no window flashes white before its first paint. */
const paper = (): string => (nativeTheme.shouldUseDarkColors ? '#161614' : '#f6f6f4');
const preload = (file: string): string => path.join(app.getAppPath(), 'dist', 'preload', file);

export function createDashboardWindow(): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Countersign',
    width: 1180,
    height: 760,
    minWidth: 720,
    minHeight: 520,
    show: false,
    backgroundColor: paper(),
    autoHideMenuBar: true,
    webPreferences: rendererPreferences(preload('dashboard.cjs')),
  });
  void window.loadURL(surfaceAddress('dashboard'));
  loadAnewWhenGone(window);
  window.once('ready-to-show', () => window.show());
  return window;
}

/** Made at start and kept hidden, so that a request is on screen within a frame or two (DESIGN 7.11). */
export function createApprovalWindow(): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Countersign approval',
    width: approvalWidthPx,
    height: 480,
    useContentSize: true,
    show: false,
    alwaysOnTop: true,
    resizable: true,
    maximizable: false,
    minimizable: false,
    fullscreenable: false,
    skipTaskbar: false,
    backgroundColor: paper(),
    autoHideMenuBar: true,
    webPreferences: { ...rendererPreferences(preload('approval.cjs')), backgroundThrottling: false },
  });
  window.setContentProtection(true); // SECURITY(DG-20): has no effect on Linux, which SECURITY.md says
  window.setMenuBarVisibility(false);
  void window.loadURL(surfaceAddress('approval'));
  loadAnewWhenGone(window);
  return window;
}

const firstPauseMs = 200;
const longestPauseMs = 30_000;
const steadyAfterMs = 60_000;

/** A renderer that has died is started again, each time later while it goes on dying soon after. */
function loadAnewWhenGone(window: BrowserWindow): void {
  let pauseMs = firstPauseMs;
  let loadedAtMs = performance.now();
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    if (performance.now() - loadedAtMs > steadyAfterMs) pauseMs = firstPauseMs;
    setTimeout(() => {
      if (window.isDestroyed()) return;
      loadedAtMs = performance.now();
      window.webContents.reload();
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  });
}
