// @ts-check
import { join } from 'node:path';
import { build } from 'vite';
import { viteConfig } from '../../main/launch/build-entries.mjs';
import { repositoryRoot } from '../../main/launch/places.mjs';

/** @returns {Promise<string>} the file; built as the product is */
export async function buildHost() {
  const output = 'dist/agents/agents-host.cjs';
  const entry = {
    name: 'agents-host',
    kind: /** @type {const} */ ('node'),
    source: 'test/agents/agents-host.ts',
    output,
  };
  await build(viteConfig(entry, { name: 'nothing' }));
  return join(repositoryRoot, output);
}
