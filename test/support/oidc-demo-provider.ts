/** The real demo provider, bundled as the build does and run as a child, for tests that sign in through its real pages. */
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { type DemoProvider, startDemoProvider } from '../../main/identity/demo-provider-process.ts';

const repository = path.resolve(import.meta.dirname, '../..');

export type DemoProviderUnderTest = {
  readonly entry: string;
  readonly stateFolder: string;
  start(): Promise<DemoProvider>;
  /** Ends every child that was started and removes the folder. */
  remove(): Promise<void>;
};

export async function bundledDemoProvider(): Promise<DemoProviderUnderTest> {
  // below node_modules, so that what stays out of the bundle is found
  const folder = await mkdtemp(path.join(repository, 'node_modules', '.countersign-demo-provider-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    root: repository,
    build: {
      ssr: path.join(repository, 'main/identity/demo-provider.ts'),
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        external: [/^oidc-provider(\/|$)/],
        output: { format: 'es', entryFileNames: 'demo-provider.mjs', codeSplitting: false },
      },
    },
    ssr: { noExternal: true, target: 'node' },
  });
  const entry = path.join(folder, 'demo-provider.mjs');
  const stateFolder = path.join(folder, 'state');
  const started: DemoProvider[] = [];
  return {
    entry,
    stateFolder,
    async start() {
      const demoProvider = await startDemoProvider(entry, stateFolder);
      started.push(demoProvider);
      return demoProvider;
    },
    async remove() {
      for (const demoProvider of started) demoProvider.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
