/**
 * The files of a client certificate and of the authorities that are trusted in place of the system's. Tried out before
 * they are used: Node would throw in the middle of the first connection, where nobody can say what to mend.
 */
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { type HttpServerConfig, invalid } from './server-config.ts';

export type TlsFiles = { readonly cert?: Buffer; readonly key?: Buffer; readonly ca?: Buffer };

/** Throws AppError 'config.invalid'. */
export function readTlsFiles({ serverId, tls }: HttpServerConfig): TlsFiles {
  const where = `mcpServers.${serverId}.tls`;
  const read = (name: 'cert' | 'key' | 'ca') => {
    const path = tls?.[name];
    if (path === undefined) return {};
    let text: Buffer;
    try {
      text = readFileSync(path);
    } catch {
      throw invalid(`${where}.${name}`, 'is not a file that can be read');
    }
    // Authorities that cannot be read are passed over in silence, and then nobody is trusted.
    if (!text.includes('-----BEGIN ')) throw invalid(`${where}.${name}`, 'is not a file in PEM form');
    return { [name]: text };
  };
  const files: TlsFiles = { ...read('cert'), ...read('key'), ...read('ca') };
  if ((files.cert === undefined) !== (files.key === undefined))
    throw invalid(where, 'needs both "cert" and "key", or neither');
  try {
    createSecureContext(files);
  } catch {
    throw invalid(
      where,
      'the certificate and the key cannot be used: they do not fit each other, or have a passphrase',
    );
  }
  return files;
}
