/** What the configuration says about a server, before it was ever reached. */
import { realpathSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { ServerFacts } from '../pipeline/ports.ts';
import { locateCommand } from './resolve-command.ts';
import type { UpstreamServerConfig } from './server-config.ts';

export function describeServer(serverConfig: UpstreamServerConfig, environment: NodeJS.ProcessEnv): ServerFacts {
  const { serverId, environment: label, trusted, dialect, profile } = serverConfig;
  const shared = { serverId, environment: label, trusted, dialect };
  if (serverConfig.kind === 'http') {
    const url = new URL(serverConfig.url);
    return {
      ...shared,
      endpoint: url.href,
      profileName: profile ?? url.hostname,
      roots: folders(serverConfig.roots ?? []),
    };
  }
  const located = locateCommand(serverConfig, serverConfig.env['PATH'] ?? environment['PATH'] ?? '');
  return {
    ...shared,
    endpoint: located?.endpoint ?? [serverConfig.command, ...serverConfig.args].join(' '),
    profileName: profile ?? located?.packageName,
    // File and git servers take their folders as arguments.
    roots: folders(serverConfig.roots ?? serverConfig.args.filter(isAbsolute)),
  };
}

/** Canonical; what is not a folder is left out. */
function folders(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    try {
      const canonical = realpathSync(path);
      return statSync(canonical).isDirectory() ? [canonical] : [];
    } catch {
      return [];
    }
  });
}
