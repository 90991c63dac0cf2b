import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfiguration } from '../../../mcp-bridge/process/configuration.ts';

function fileWith(server: object): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-configuration-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'countersign.json');
  fs.writeFileSync(file, JSON.stringify({ mcpServers: { crm: { url: 'https://mcp.example/mcp', ...server } } }));
  return file;
}

test.each([
  ['a sign-in', { auth: {} }],
  ['a sign-in with an OAuth client', { auth: { clientId: 'app' } }],
  ['a sign-in spelt as nobody does', { auth: 'oauth' }],
])('without a window %s is refused, with the cause and the mend', (_name, server) =>
  expect(() => readConfiguration(fileWith(server))).toThrow(
    expect.objectContaining({
      code: 'config.invalid',
      message: expect.stringMatching(/mcpServers\.crm\.auth: .*desktop app.*"headers"/),
    }),
  ),
);

test.each([
  ['none', {}],
  ['never', { auth: false }],
])('%s is what it was', (_name, server) =>
  expect(readConfiguration(fileWith(server)).mcpServers['crm']).toMatchObject(server),
);
