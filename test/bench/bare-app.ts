/** The least that an app of this shape can be: a window, a hidden one and a utility process that listens. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const page = 'data:text/html,<title>Countersign</title>';

/** @returns its folder, for Electron */
export function writeBareApp(folder: string, port: number): string {
  const app = join(folder, 'bare-app');
  mkdirSync(app, { recursive: true });
  const utility = join(app, 'utility.cjs');
  writeFileSync(
    utility,
    `require('node:http').createServer((_incoming, outgoing) => outgoing.end()).listen(${port}, '127.0.0.1');\n`,
  );
  writeFileSync(
    join(app, 'main.cjs'),
    `const { app, BrowserWindow, utilityProcess } = require('electron');
app.on('window-all-closed', () => {});
app.whenReady().then(() => {
  utilityProcess.fork(${JSON.stringify(utility)});
  for (const show of [false, true]) {
    void new BrowserWindow({ title: 'Countersign', show, webPreferences: { sandbox: true } }).loadURL('${page}');
  }
});
`,
  );
  const description = { name: 'bare', productName: 'Bare', version: '1.0.0', main: 'main.cjs' };
  writeFileSync(join(app, 'package.json'), `${JSON.stringify(description)}\n`);
  return app;
}
