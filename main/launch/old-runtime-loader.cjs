/**
 * What Electron's own default app does, for a runtime that comes without one: open the app named on the command line.
 * Set-up copies this file into the old runtime's resources/app. Honours `-r FILE`, as Playwright's launcher needs.
 */
const { app, dialog } = require('electron');
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

/** @type {string[]} */
const preloads = [];
/** @type {string | undefined} */
let target;
const args = process.argv.slice(1);
for (let index = 0; index < args.length && target === undefined; index += 1) {
  const arg = args[index] ?? '';
  if (arg === '-r' || arg === '--require') {
    index += 1;
    preloads.push(args[index] ?? '');
  } else if (!arg.startsWith('-')) {
    target = arg;
  }
}

for (const file of preloads) require(path.resolve(file));

if (target === undefined) {
  process.stderr.write('Usage: electron [-r FILE] FOLDER_OF_THE_APP\n');
  app.exit(2);
} else {
  try {
    const folder = path.resolve(target);
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    app.name = manifest.productName ?? manifest.name;
    // @ts-expect-error: Electron's default app calls it too, the published types leave it out.
    app.setVersion(manifest.version);
    // @ts-expect-error: as above.
    app.setAppPath(folder);
    const entry = path.resolve(folder, manifest.main);
    // @ts-expect-error: Node's own loader; `isMain` makes require.main the app, as if it had been packaged.
    Module._load(entry, null, true);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    if (process.env['DISPLAY'] === undefined) app.exit(1);
    else dialog.showErrorBox('The app could not be opened', String(error));
    app.exit(1);
  }
}
