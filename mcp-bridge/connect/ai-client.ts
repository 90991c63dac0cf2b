/** What there is to know about one AI client: where its configuration is, and how an entry of it is written. */
import { join } from 'node:path';
import type { JsonObject } from '../core/model/json.ts';

export type Surroundings = {
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Without the variables that move configurations when the home folder was given by hand. */
  readonly environment: NodeJS.ProcessEnv;
};

/** A configuration file, and the folder that its real path must not leave. */
export type Place = { readonly file: string; readonly root: string };

export type ShimCommand = { readonly command: string; readonly args: readonly string[] };
export type HttpAddress = { readonly url: string; readonly key: string };

export type AiClient = {
  /** The word on the command line. */
  readonly id: string;
  readonly title: string;
  readonly notation: 'json' | 'toml' | 'yaml';
  /** The member at the top of the file that holds the servers. */
  readonly container: string;
  /** In the order of preference: the first that is there is written, else the last is made. */
  readonly userFiles: (surroundings: Surroundings) => readonly Place[];
  /** Below the project's folder; left out where the client has none. */
  readonly projectFile?: string;
  /** What a file that holds nothing yet has to begin with. */
  readonly beginning?: string;
  readonly stdioEntry: (shim: ShimCommand, name: string) => JsonObject;
  /** Left out where the client only starts programs. */
  readonly httpEntry?: (address: HttpAddress, name: string) => JsonObject;
};

/** Longer than the bridge keeps a call waiting for a person (DESIGN §6: 280 s). */
export const longestCallMs = 300_000;

export function bearer({ key }: HttpAddress): JsonObject {
  return { Authorization: `Bearer ${key}` };
}

export function program({ command, args }: ShimCommand): JsonObject {
  return { command, args: [...args] };
}

/** `folder` below the home folder, or where an environment variable puts it. */
export function movable(
  { home, environment }: Surroundings,
  variable: string,
  folder: readonly string[],
  file: readonly string[],
): Place {
  const moved = environment[variable];
  return moved ? { file: join(moved, ...file), root: moved } : { file: join(home, ...folder, ...file), root: home };
}

/** Where desktop programs keep their settings: %APPDATA%, Application Support, or $XDG_CONFIG_HOME. */
export function applicationFile(surroundings: Surroundings, file: readonly string[]): Place {
  switch (surroundings.platform) {
    case 'darwin':
      return { file: join(surroundings.home, 'Library', 'Application Support', ...file), root: surroundings.home };
    case 'win32':
      return movable(surroundings, 'APPDATA', ['AppData', 'Roaming'], file);
    default:
      return movable(surroundings, 'XDG_CONFIG_HOME', ['.config'], file);
  }
}
