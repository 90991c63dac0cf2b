/**
 * Switches that take Chromium's or Node's protection away, open a door into the app, or put another program in place of a
 * part of it (LO-22). Whoever can start the app can give them: a shortcut, a file association, another program's link. A
 * package refuses to start with any of them; in a checkout they are a developer's tools.
 */
const refused: ReadonlySet<string> = new Set([
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'remote-allow-origins',
  'inspect',
  'inspect-brk',
  'inspect-port',
  'inspect-publish-uid',
  'js-flags',
  'load-extension',
  'disable-extensions-except',
  'disable-web-security',
  'allow-running-insecure-content',
  'ignore-certificate-errors',
  'ignore-certificate-errors-spki-list',
  'host-rules',
  'host-resolver-rules',
  'disable-site-isolation-trials',
  'disable-features',
  'enable-blink-features',
  'user-data-dir',
  'single-process',
  'disable-gpu-sandbox',
  'disable-namespace-sandbox',
  'disable-seccomp-filter-sandbox',
  'disable-setuid-sandbox',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
  'ppapi-plugin-launcher',
  'browser-subprocess-path',
  'log-net-log',
  'password-store',
]);

/** Only root needs it: Chromium cannot sandbox itself there, which the app says loudly. */
const forRootOnly = 'no-sandbox';

/** The first switch that a package refuses, without its dashes and value; undefined when there is none. */
export function refusedSwitch(argv: readonly string[], isRoot: boolean): string | undefined {
  return argv
    .flatMap((argument) => {
      // Chromium reads single dashes and any case of letters too.
      const name = /^--?([^=]+)/.exec(argument)?.[1]?.toLowerCase();
      return name === undefined ? [] : [name];
    })
    .find((name) => refused.has(name) || (name === forRootOnly && !isRoot));
}
