/**
 * Is a protected resource's own name (RFC 9728 §3.3) the server that a person configured, or a parent of it? Whoever may
 * name any other resource could have a token made out for one and sent to another.
 */

/** An address as a parser understood it; both sides' `URL` has these. */
export type AddressParts = {
  readonly origin: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
  readonly username: string;
  readonly password: string;
};

/** Same origin, and the path the same or a whole number of segments above (RFC 8707 §2: no fragment). */
export function coversServer(resource: AddressParts, server: AddressParts): boolean {
  if (resource.origin === 'null' || resource.origin !== server.origin) return false;
  if (resource.hash !== '' || resource.username !== '' || resource.password !== '') return false;
  if (resource.search !== '' && resource.search !== server.search) return false;
  const parent = resource.pathname.replace(/\/$/, '');
  return server.pathname === parent || server.pathname.startsWith(`${parent}/`);
}
