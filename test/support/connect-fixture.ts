/** A home folder and a data folder of their own, with one paired AI client, and `connect` and `disconnect` over them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { writeClientKey } from '../../mcp-bridge/inbound/private-files.ts';
import { runConnect } from '../../mcp-bridge/process/commands/connect.ts';
import { runDisconnect } from '../../mcp-bridge/process/commands/disconnect.ts';

export type ConnectFixture = {
  readonly folder: string;
  readonly home: string;
  readonly dataDir: string;
  readonly shimPath: string;
  readonly key: string;
  write(relativePath: string, text: string | Uint8Array, mode?: number): string;
  read(relativePath: string): string;
  /** Every path below the home folder. */
  files(): readonly string[];
  backups(): readonly string[];
  connect(...args: readonly string[]): Promise<Printed>;
  disconnect(...args: readonly string[]): Promise<Printed>;
};

export type Printed = { readonly status: number; readonly stdout: string; readonly stderr: string };

export const mcpClientId = 'agent';

export function connectFixture(): ConnectFixture {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'cs-connect-')));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const [home, dataDir] = [path.join(folder, 'home'), path.join(folder, 'data')];
  fs.mkdirSync(home, { mode: 0o700 });
  fs.mkdirSync(dataDir, { mode: 0o700 });
  const key = `cs_${'k'.repeat(43)}`;
  writeClientKey(dataDir, mcpClientId, key);
  const shimPath = path.join(folder, 'stdio-shim.cjs');
  fs.writeFileSync(shimPath, '');
  const at = (relativePath: string): string => path.join(home, relativePath);
  const files = (): readonly string[] =>
    (fs.readdirSync(home, { recursive: true }) as string[]).filter((name) => fs.lstatSync(at(name)).isFile()).sort();
  return {
    folder,
    home,
    dataDir,
    shimPath,
    key,
    write(relativePath, text, mode = 0o644) {
      fs.mkdirSync(path.dirname(at(relativePath)), { recursive: true });
      fs.writeFileSync(at(relativePath), text);
      fs.chmodSync(at(relativePath), mode);
      return at(relativePath);
    },
    read: (relativePath) => fs.readFileSync(at(relativePath), 'utf8'),
    files,
    backups: () => files().filter((name) => name.endsWith('.bak')),
    connect: (...args) =>
      printed(() =>
        runConnect([...args, '--client', mcpClientId, '--home', home, '--data-dir', dataDir], { shimPath }),
      ),
    disconnect: (...args) => printed(() => runDisconnect([...args, '--home', home, '--data-dir', dataDir])),
  };
}

/** The commands write to the process's own streams; one test file runs its tests one after another. */
export async function printed(run: () => Promise<number>): Promise<Printed> {
  const [stdout, stderr] = [process.stdout.write, process.stderr.write];
  const said = { stdout: '', stderr: '' };
  process.stdout.write = ((text: string) => {
    said.stdout += text;
    return true;
  }) as typeof stdout;
  process.stderr.write = ((text: string) => {
    said.stderr += text;
    return true;
  }) as typeof stderr;
  try {
    const status = await run();
    return { status, ...said };
  } finally {
    process.stdout.write = stdout;
    process.stderr.write = stderr;
  }
}
