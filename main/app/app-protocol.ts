/**
 * `app://countersign/<surface>/<file>` serves the built renderers and nothing else (EL-07): a fixed set of endings, a
 * canonical path below the renderer's own folder, and a content security policy on every answer.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { protocol, type Session } from 'electron';
import type { Surface } from '../ipc/channel.ts';
import { contentSecurityPolicy } from './csp.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: false, corsEnabled: false } },
  ]);
}

export function serveApp(browserSession: Session, rendererFolder: string): void {
  browserSession.protocol.handle('app', async (request) => {
    const asset = assetFor(request.url);
    if (!asset || request.method !== 'GET') return new Response('Not found', { status: 404 });
    try {
      const body = await fs.readFile(path.join(rendererFolder, asset.surface, asset.file));
      return new Response(new Uint8Array(body), {
        headers: {
          'Content-Type': asset.contentType,
          'Content-Security-Policy': contentSecurityPolicy(asset.surface),
          'X-Content-Type-Options': 'nosniff',
          'Referrer-Policy': 'no-referrer',
          'Cache-Control': 'no-store',
        },
      });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
}

/** Pure: what an address names, or undefined for anything that is not plainly one of our files. */
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
