/** A process with one upstream, for tests that kill it: prints {"pid"} of the upstream, then runs for ever. */
import { UpstreamManager } from '../../mcp-bridge/upstream/manager.ts';
import { memoryPinStore } from '../../mcp-bridge/upstream/pin-store.ts';
import { parseServerConfigs } from '../../mcp-bridge/upstream/server-config.ts';

const manager = new UpstreamManager({
  bridge: { name: 'host', version: '0', title: 'Host' },
  review: 'first-use',
  pinStore: memoryPinStore(),
});
void manager.start(parseServerConfigs(JSON.parse(process.argv[2] ?? '{}'))).then(() => {
  process.stdout.write(`${JSON.stringify({ pids: manager.status().map(({ pid }) => pid) })}\n`);
});
setInterval(() => {}, 60_000);
