/**
 * The package that a person's configuration starts, as profiles name it. It is read from the pinned command line,
 * never from what the server says of itself.
 *
 * `npx -y @scope/pkg@1.2.3 --flag` → `@scope/pkg`; `uvx mcp-server-time` → `mcp-server-time`; anything else: undefined.
 */
const runnersOfPackages = new Set(['npx', 'pnpx', 'bunx', 'uvx', 'pipx']);
const subcommands = new Set(['dlx', 'exec', 'x', 'run', 'tool']);
const harmless = new Set(['-y', '--yes', '-q', '--quiet', '--bun', '--offline', '--prefer-offline', '--']);
const packageName = /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*(?=@[\w.^~-]+$|$)/i;

export function configuredPackage(command: string, args: readonly string[]): string | undefined {
  const program = (command.split(/[\\/]/).at(-1) ?? '').replace(/\.(?:cmd|exe)$/i, '');
  const viaManager = ['npm', 'pnpm', 'yarn', 'uv'].includes(program) && subcommands.has(args[0] ?? '');
  if (!runnersOfPackages.has(program) && !viaManager) return undefined;
  const index = args.findIndex((arg) => !arg.startsWith('-') && !subcommands.has(arg));
  // `--package other` and `--from other` start something else than the name behind them.
  if (index < 0 || !args.slice(0, index).every((arg) => harmless.has(arg) || subcommands.has(arg))) return undefined;
  return packageName.exec(args[index] as string)?.[0];
}
