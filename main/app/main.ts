/** Entry of the desktop app: harden, one instance, then put it together. */
import './web-crypto.ts';
import { app, dialog } from 'electron';
import { registerAppScheme } from './app-protocol.ts';
import { openDesktop } from './compose.ts';
import { hardenApp, quietChromium } from './harden.ts';

// SECURITY(EL-01): Chromium cannot sandbox itself for root; there the launcher passes the switch and says so loudly.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
quietChromium();
registerAppScheme();
hardenApp();
app.setName('Countersign');

if (app.requestSingleInstanceLock()) {
  app.whenReady().then(openDesktop).catch(failToStart);
} else {
  app.quit();
}

function failToStart(error: unknown): void {
  const message = error instanceof Error ? error.message : 'unknown failure';
  dialog.showErrorBox('Countersign could not start', message);
  app.exit(1);
}
