/**
 * The package that a person's configuration starts, as profiles name it. It is read from the pinned command line,
 * never from what the server says of itself.
 *
 * `npx -y @scope/pkg@1.2.3 --flag` → `@scope/pkg`; `uvx mcp-server-time` → `mcp-server-time`; anything else: undefined.
 */
const runners = new Map<string, readonly (readonly string[])[]>([
  ...['npx', 'pnpx', 'bunx', 'uvx'].map((name): [string, readonly (readonly string[])[]] => [name, [[]]]),
  ['pipx', [['run']]],
  ['npm', [['exec'], ['x']]],
  ['pnpm', [['dlx']]],
  ['yarn', [['dlx']]],
  ['uv', [['tool', 'run']]],
]);
const harmless = new Set(['-y', '--yes', '-q', '--quiet', '--bun', '--offline', '--prefer-offline', '--']);
const packageName = /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*(?=@[\w.^~-]+$|$)/i;

export function configuredPackage(command: string, args: readonly string[]): string | undefined {
  const program = (command.split(/[\\/]/).at(-1) ?? '').replace(/\.(?:cmd|exe)$/i, '');
  const subcommand = runners.get(program)?.find((words) => words.every((word, index) => args[index] === word));
  if (!subcommand) return undefined;
  const rest = args.slice(subcommand.length);
  const index = rest.findIndex((arg) => !arg.startsWith('-'));
  // SECURITY(MC-08): `--package other` and `--from other` start something else than the name behind them.
  if (index < 0 || !rest.slice(0, index).every((arg) => harmless.has(arg))) return undefined;
  // npm itself reads options behind the name as well, up to `--`.
  const behind = program === 'npm' && !rest.slice(0, index).includes('--') ? rest.slice(index + 1) : [];
  const own = behind.includes('--') ? behind.slice(0, behind.indexOf('--')) : behind;
  if (own.some((arg) => arg.startsWith('-') && !harmless.has(arg))) return undefined;
  return packageName.exec(rest[index] as string)?.[0];
}
