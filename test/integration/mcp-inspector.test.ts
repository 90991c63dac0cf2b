/** MCP Inspector's own command line as an AI client, in both eras, over HTTP and through the shim. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type Endpoint,
  expectedLog,
  expectedStory,
  inspectorPeer,
  openPeerOffice,
  type PeerOffice,
  playStory,
  shimArgs,
  urlOf,
} from '../support/peers.ts';

const overHttp = (office: PeerOffice, endpoint: Endpoint): string[] => [
  ...['--server-url', urlOf(office, endpoint), '--transport', 'http'],
  ...['--header', `Authorization: Bearer ${office.key}`],
];

/** From a configuration file, as people keep it: on its own command line it takes the shim's `--server` for one of its. */
function overStdio(office: PeerOffice, endpoint: Endpoint): string[] {
  const config = join(office.dataFolder, 'mcp.json');
  const countersign = { command: process.execPath, args: shimArgs(office, endpoint) };
  writeFileSync(config, JSON.stringify({ mcpServers: { countersign } }));
  return ['--config', config, '--server', 'countersign'];
}

test.each([
  ['HTTP, all servers', overHttp, 'all', 'legacy'],
  ['HTTP, one server, 2026-07-28', overHttp, 'office', 'modern'],
  ['the shim, all servers, 2026-07-28', overStdio, 'all', 'modern'],
  ['the shim, one server', overStdio, 'office', 'legacy'],
] as const)(
  'over %s: lists, reads, writes what is approved, deletes nothing that is denied',
  async (_name, way, endpoint, era) => {
    const office = await openPeerOffice();
    const peer = inspectorPeer([...way(office, endpoint), '--protocol-era', era]);
    const story = await playStory(peer, office, endpoint);
    expect({ story, log: office.executed() }).toEqual({ story: expectedStory(endpoint), log: expectedLog });
  },
);

test('with a wrong key it is refused, and nothing arrives', async () => {
  const office = await openPeerOffice();
  const peer = inspectorPeer([
    ...['--server-url', office.url, '--transport', 'http', '--stored-auth-only'],
    ...['--header', `Authorization: Bearer cs_${'x'.repeat(43)}`],
  ]);
  await expect(peer.tools()).rejects.toThrow('auth_required');
  expect({ asked: office.asked, log: office.executed() }).toEqual({ asked: [], log: [] });
});
