/**
 * What no window of ours may ever do. Applied to the app as a whole before the first window exists, so that a window
 * made later cannot forget it.
 */
import { app, type Session, session, type WebPreferences } from 'electron';

/** Every renderer: isolated, sandboxed, without Node, with one preload (EL-01). */
export function rendererPreferences(preload: string): WebPreferences {
  return {
    preload,
    contextIsolation: true, // SECURITY(EL-01)
    sandbox: true, // SECURITY(EL-01)
    nodeIntegration: false, // SECURITY(EL-01)
    nodeIntegrationInWorker: false,
    webSecurity: true,
    webviewTag: false, // SECURITY(EL-04)
    navigateOnDragDrop: false, // SECURITY(EL-02)
    spellcheck: false, // SECURITY(EL-21): a dictionary download is an outbound connection
    enableWebSQL: false,
    devTools: !app.isPackaged, // SECURITY(EL-11)
  };
}

export function hardenApp(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault()); // SECURITY(EL-02)
    contents.on('will-redirect', (event) => event.preventDefault()); // SECURITY(EL-02)
    contents.on('will-attach-webview', (event) => event.preventDefault()); // SECURITY(EL-04)
    contents.setWindowOpenHandler(() => ({ action: 'deny' })); // SECURITY(EL-03)
  });
}

export function hardenSession(browserSession: Session = session.defaultSession): void {
  browserSession.setPermissionRequestHandler((_contents, _permission, callback) => callback(false)); // SECURITY(EL-15)
  browserSession.setPermissionCheckHandler(() => false); // SECURITY(EL-15)
  browserSession.setDevicePermissionHandler(() => false); // SECURITY(EL-15)
  // SECURITY(EL-21): a renderer connects nowhere; everything but our own scheme is cancelled.
  browserSession.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !/^(app|devtools):/.test(details.url) });
  });
}

/** Chromium's own background connections (EL-21); called before the app is ready. */
export function quietChromium(): void {
  for (const flag of [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'disable-sync',
    'no-pings',
  ]) {
    app.commandLine.appendSwitch(flag);
  }
}
