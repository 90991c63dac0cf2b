/** `app://` serves the built renderers and nothing else, with a content security policy on every answer. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { protocol, type Session } from 'electron';
import { assetFor } from './app-assets.ts';
import { contentSecurityPolicy } from './csp.ts';

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
