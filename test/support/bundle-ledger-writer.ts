/** The ledger writer as a file that plain Node runs; the native SQLite module stays where npm put it. */

import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const native = '@photostructure/sqlite';

export async function bundleLedgerWriter(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const outDir = await mkdtemp(join(tmpdir(), 'ledger-writer-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: fileURLToPath(new URL('./ledger-writer.ts', import.meta.url)),
      outDir,
      target: 'node18',
      minify: false,
      rolldownOptions: {
        external: [native],
        output: {
          format: 'cjs',
          entryFileNames: 'writer.cjs',
          codeSplitting: false,
          paths: { [native]: createRequire(import.meta.url).resolve(native) },
        },
      },
    },
    ssr: { noExternal: true, external: [native] },
  });
  return { path: join(outDir, 'writer.cjs'), remove: () => rm(outDir, { recursive: true, force: true }) };
}
