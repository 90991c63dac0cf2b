import { AppError } from '../../mcp-bridge/core/errors.ts';

/**
 * May this address be opened in the system browser? https only, http only on the loopback address; nothing that a
 * desktop would hand to another program (OA-09, EL-13).
 */
export function browserAddress(url: URL): string {
  const loopback =
    url.protocol === 'http:' &&
    (url.hostname === '127.0.0.1' || url.hostname === '[::1]' || url.hostname === 'localhost');
  if ((url.protocol !== 'https:' && !loopback) || url.username !== '' || url.password !== '') {
    throw new AppError('identity.issuer-refused', `an address to open has to be https: ${url.protocol}`);
  }
  return url.href;
}
