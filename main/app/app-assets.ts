/**
 * What an `app://countersign/<surface>/<file>` address names (EL-07): a fixed set of endings, and a path without any
 * step that leaves the renderer's own folder. Anything that is not plainly one of our files is nothing.
 */
import path from 'node:path';
import type { Surface } from '../ipc/channel.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export function assetFor(address: string): { surface: Surface; file: string; contentType: string } | undefined {
  const match =
    /^app:\/\/countersign\/(dashboard|approval)\/((?:assets\/)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)(?:[?#].*)?$/.exec(
      address,
    );
  const [, surface, file] = match ?? [];
  const contentType = file === undefined ? undefined : contentTypes[path.posix.extname(file)];
  if (!surface || !file || !contentType) return undefined;
  return { surface: surface as Surface, file, contentType };
}
