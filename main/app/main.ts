/** Entry of the desktop app: harden, one instance, then put it together. */
import './web-crypto.ts';
import path from 'node:path';
import { app, dialog } from 'electron';
import { registerAppScheme } from './app-protocol.ts';
import { openDesktop } from './compose.ts';
import { dataFolder, ensureDataFolder } from './data-folder.ts';
import { hardenApp, quietChromium } from './harden.ts';
import { refusedSwitch } from './refused-switches.ts';

// SECURITY(LO-22): before Chromium acts on them. What a second instance was started with is never looked at.
const refused = app.isPackaged ? refusedSwitch(process.argv.slice(1), process.getuid?.() === 0) : undefined;
if (refused !== undefined) {
  process.stderr.write(`countersign: --${refused} would weaken its protection. Start it without.\n`);
  app.exit(2);
}

// SECURITY(EL-01): Chromium cannot sandbox itself for root; there the launcher passes the switch and says so loudly.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
quietChromium();
registerAppScheme();
hardenApp();
app.setName('Countersign');
const folder = dataFolder(process.env);
ensureDataFolder(folder);
// Chromium's own files lie with ours, and one data folder has one instance.
app.setPath('userData', path.join(folder, 'profile'));

if (app.requestSingleInstanceLock()) {
  app
    .whenReady()
    .then(() => openDesktop(folder))
    .catch(failToStart);
} else {
  app.quit();
}

function failToStart(error: unknown): void {
  const message = error instanceof Error ? error.message : 'unknown failure';
  dialog.showErrorBox('Countersign could not start', message);
  app.exit(1);
}
