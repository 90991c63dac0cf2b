/**
 * Which scopes a sign-in asks for (MCP authorization, scope selection): what the challenge names and no more; else what
 * the server supports; else none, and the authorization server decides.
 *
 * Where the supported ones can all be told apart into reading and the rest, only reading is asked for at first: what a
 * write needs is then asked for when the server refuses one. One name that says neither makes the list opaque, and it is
 * asked for as it is, since half of it may be of no use.
 */
export function askedScopes(
  challenged: readonly string[] | undefined,
  supported: readonly string[] | undefined,
): readonly string[] {
  if (challenged !== undefined) return challenged;
  const known = (supported ?? []).filter((scope) => !IDENTITY.has(scope));
  const reading = known.filter((scope) => kindOf(scope) === 'read');
  const isTold = reading.length > 0 && known.every((scope) => kindOf(scope) !== undefined);
  return isTold ? reading : known;
}

/** Who the person is (OpenID Connect Core §5.4) is not the server's business unless it asks by its challenge. */
const IDENTITY = new Set(['openid', 'profile', 'email', 'address', 'phone', 'offline_access']);
const READING = new Set(['read', 'readonly', 'view', 'list', 'get', 'search']);
const CHANGING = new Set([
  'write',
  'readwrite',
  'edit',
  'modify',
  'create',
  'update',
  'delete',
  'remove',
  'admin',
  'manage',
]);

function kindOf(scope: string): 'read' | 'change' | undefined {
  const words = scope
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  if (words.some((word) => CHANGING.has(word))) return 'change';
  return words.some((word) => READING.has(word)) ? 'read' : undefined;
}
