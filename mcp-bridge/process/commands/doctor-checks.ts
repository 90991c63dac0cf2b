/** What `countersign doctor` can see in files. Nothing here writes, and nothing prints a key. */
import { createHash, createHmac } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import { AppError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/model/json.ts';
import { checkPrivateFolder, readClientKey } from '../../inbound/private-files.ts';
import { auditVerify } from '../../ledger/audit-commands.ts';
import { locateCommand } from '../../upstream/resolve-command.ts';
import { parseServerConfig } from '../../upstream/server-config.ts';
import { ledgerFile } from '../bridge.ts';
import { sha256 } from '../system.ts';
import { pairedIds } from './connect.ts';

export type Check = {
  readonly name: string;
  readonly ok: boolean /** What is so, or what to do. */;
  readonly text: string;
};

const ok = (name: string, text: string): Check => ({ name, ok: true, text });
const wrong = (name: string, text: string): Check => ({ name, ok: false, text });

/** As `engines` of package.json. */
const oldestNode = [20, 19] as const;

export function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return isEnough
    ? ok('Node', version)
    : wrong('Node', `${version} is too old: install ${oldestNode.join('.')} or newer`);
}

/** Of the app's settings, what matters here. */
export type KnownSettings = {
  readonly bridgePort: number;
  readonly mcpClients: readonly { readonly mcpClientId: string; readonly keyHash: string }[];
  readonly servers: Readonly<Record<string, { readonly server: unknown }>>;
};

const storedSettings = z.looseObject({
  settings: z.looseObject({
    bridgePort: z.int(),
    mcpClients: z.array(z.looseObject({ mcpClientId: z.string(), keyHash: z.string() })),
    servers: z.record(z.string(), z.looseObject({ server: z.unknown() })),
  }),
  mac: z.string(),
});

export function readSettings(dataDir: string): { readonly check: Check; readonly found?: KnownSettings } {
  const name = 'Settings';
  const file = path.join(dataDir, 'settings.json');
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return { check: ok(name, 'none yet: the app was not started with this folder') };
    return { check: wrong(name, `${file} cannot be read: make it yours again (chmod 600)`) };
  }
  try {
    const { settings, mac } = storedSettings.parse(JSON.parse(text));
    const key = fs.readFileSync(path.join(dataDir, 'settings.key'));
    const expected = createHmac('sha256', key)
      .update(canonicalJson(settings as unknown as JsonValue))
      .digest('hex');
    if (mac !== expected)
      return { check: wrong(name, `${file} was changed outside Countersign: it will be set aside at the next start`) };
    return { check: ok(name, 'sealed, and the seal holds'), found: settings };
  } catch {
    return { check: wrong(name, `${file} or its key is damaged: it will be set aside at the next start`) };
  }
}

export function dataFolderChecks(dataDir: string): readonly Check[] {
  const name = 'Data folder';
  if (!fs.existsSync(dataDir))
    return [wrong(name, `${dataDir} is not there: start Countersign once, or name another with --data-dir`)];
  try {
    checkPrivateFolder(dataDir);
  } catch (error) {
    return [wrong(name, error instanceof Error ? error.message : `${dataDir} cannot be used`)];
  }
  return [ok(name, `${dataDir}, yours alone`), ledgerCheck(dataDir), vaultCheck(dataDir)];
}

function ledgerCheck(dataDir: string): Check {
  const file = path.join(dataDir, ledgerFile);
  if (!fs.existsSync(file)) return ok('Audit log', 'none yet');
  try {
    const { verdict } = auditVerify(file, { sha256 });
    return verdict.ok
      ? ok('Audit log', `${verdict.records} records, whole`)
      : wrong('Audit log', `it does not verify: look at it with countersign audit verify --ledger ${file}`);
  } catch (error) {
    const why = error instanceof AppError ? error.userMessage : 'it cannot be opened';
    return wrong('Audit log', `${file}: ${why}`);
  }
}

/** The keychain itself answers only to the app; what it left behind tells. */
function vaultCheck(dataDir: string): Check {
  const name = 'Keychain';
  const file = path.join(dataDir, 'vault', 'vault.json');
  const found = fs.lstatSync(file, { throwIfNoEntry: false });
  if (!found) return ok(name, 'no vault file: tokens are kept in memory only, or nobody has signed in yet');
  const isPrivate = process.platform === 'win32' || (found.uid === process.getuid?.() && (found.mode & 0o077) === 0);
  return found.isFile() && isPrivate
    ? ok(name, 'tokens are in a vault file, encrypted with a key of the system keychain')
    : wrong(name, `${file} must be a file that belongs to you alone: chmod 600 it`);
}

/** Without settings (a bridge without a window) the key files themselves say who is paired. */
export function keyChecks(dataDir: string, settings: KnownSettings | undefined): readonly Check[] {
  const name = 'AI clients';
  const paired = settings?.mcpClients ?? pairedIds(dataDir).map((mcpClientId) => ({ mcpClientId, keyHash: undefined }));
  if (paired.length === 0) return [ok(name, 'none yet: pair one in the dashboard, AI clients → Connect an AI client')];
  return paired.map(({ mcpClientId, keyHash }) => {
    const mend = 'give it a new key in the dashboard, AI clients → New key';
    try {
      const key = readClientKey(dataDir, mcpClientId);
      const matches = keyHash === undefined || createHash('sha256').update(key, 'utf8').digest('hex') === keyHash;
      return matches
        ? ok(`AI client ${mcpClientId}`, 'its key is there')
        : wrong(`AI client ${mcpClientId}`, `its key file holds another key: ${mend}`);
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const why = missing
        ? 'its key file is missing'
        : error instanceof Error
          ? error.message
          : 'its key cannot be read';
      return wrong(`AI client ${mcpClientId}`, missing ? `${why}: ${mend}` : why);
    }
  });
}

export function serverChecks(settings: KnownSettings | undefined, searchPath: string): readonly Check[] {
  return Object.entries(settings?.servers ?? {}).map(([serverId, { server }]) => {
    const name = `Server ${serverId}`;
    try {
      const config = parseServerConfig(serverId, server);
      if (config.kind !== 'stdio') return ok(name, config.url);
      const located = locateCommand(config, searchPath);
      return located
        ? ok(name, located.endpoint)
        : wrong(name, `no program "${config.command}" was found: install it, or give its full path`);
    } catch (error) {
      return wrong(name, error instanceof AppError ? error.message : 'its configuration is not understood');
    }
  });
}
