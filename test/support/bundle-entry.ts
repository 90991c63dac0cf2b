/** One source file with all it imports as a CommonJS file in a temporary folder, as the build makes it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

export async function bundleEntry(entry: string): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const outDir = await mkdtemp(join(tmpdir(), 'countersign-bundle-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: entry,
      outDir,
      target: 'node18',
      minify: false,
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'entry.cjs', codeSplitting: false } },
    },
    ssr: { noExternal: true },
  });
  return { path: join(outDir, 'entry.cjs'), remove: () => rm(outDir, { recursive: true, force: true }) };
}
