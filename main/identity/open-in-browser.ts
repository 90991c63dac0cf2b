import { AppError } from '../../mcp-bridge/core/errors.ts';

const loopbackHosts = ['127.0.0.1', '[::1]', 'localhost'];

export function isLoopbackHttp(url: URL): boolean {
  return url.protocol === 'http:' && loopbackHosts.includes(url.hostname);
}

/**
 * May this address be opened in the system browser? https only, http only on the loopback address; nothing that a
 * desktop would hand to another program (OA-09, EL-13). Gives back the address as the parser understood it.
 *
 * @throws AppError 'identity.issuer-refused'
 */
export function browserAddress(url: URL): string {
  const isWeb = url.protocol === 'https:' || isLoopbackHttp(url);
  if (!isWeb || url.username !== '' || url.password !== '' || url.hostname === '') {
    throw new AppError('identity.issuer-refused', `an address to open has to be https: ${url.protocol}`);
  }
  return url.href;
}

/** @throws AppError 'identity.issuer-refused' also for what is no address at all */
export function addressOf(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new AppError('identity.issuer-refused', 'not an address');
  }
}
