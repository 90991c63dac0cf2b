/**
 * The app itself under a window manager, with real pointer events: how soon a call is seen, how soon an approval is
 * carried out, how two hundred of them wait, how soon the app is there and what it holds when it is idle.
 *
 *   node desktop.mjs FOLDER ECHO-UPSTREAM quick|full
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DashboardApi } from '../../main/ipc/surface-api.ts';
import { clickOnScreen, type Desktop, isShown, openDesktop, pause, pointAt, until } from '../support/desktop.ts';
import { stateOf } from '../support/workplace.ts';
import { httpCaller } from './callers.mjs';
import {
  clockSkewMs,
  type Drawn,
  drawnSoFar,
  installHooks,
  lastPressMs,
  seenMs,
  shownSoFar,
  wallMs,
} from './desktop-hooks.ts';
import { benchIdle } from './desktop-idle.ts';
import { median, quantile } from './measure.mjs';
import { endPrograms, freePort, startReady } from './programs.mjs';

type Figure = { value: number; unit: string; target?: number; limit?: number; note?: string };
type Figures = Record<string, Figure>;
type Caller = Awaited<ReturnType<typeof httpCaller>>;

const run = promisify(execFile);
const mcpClients = 4;
const waitingPerMcpClient = 50;

/** Inside the page; Playwright sends functions as text. */
declare function api(): DashboardApi;

export type BenchDesktop = {
  readonly desktop: Desktop;
  readonly url: string;
  readonly keys: readonly string[];
  open(mcpClient?: number): Promise<Caller>;
  /** When the upstream received it, by its own log. */
  receivedMs(text: string): number | undefined;
};

async function openBenchDesktop(folder: string, echoUpstream: string): Promise<BenchDesktop> {
  const log = join(folder, 'upstream.jsonl');
  const { url: upstreamUrl } = await startReady([echoUpstream, 'http', '--log', log]);
  const desktop = await openDesktop({
    dataFolder: join(folder, 'data'),
    environment: { COUNTERSIGN_BRIDGE_PORT: String(await freePort()) },
  });
  const { dashboard } = desktop;
  await until('the bridge is ready', async () => (await stateOf(desktop)).bridge.state === 'ready', 30_000);
  await dashboard.evaluate((url) => api().call['servers:add']({ serverId: 'http', url }), upstreamUrl);
  const [server] = await until('the tools are listed', async () => {
    const { servers } = await stateOf(desktop);
    return servers[0]?.tools.length ? servers : undefined;
  });
  const tools = (server?.tools ?? []).map(({ name: toolName, definitionHash }) => ({ toolName, definitionHash }));
  await dashboard.evaluate((given) => api().call['servers:accept-tools'](given), { serverId: 'http', tools });
  const keys: string[] = [];
  let url = '';
  for (let index = 1; index <= mcpClients; index += 1) {
    const reply = await dashboard.evaluate((name) => api().call['mcp-clients:pair']({ name }), `Bench ${index}`);
    if (!reply.ok) throw new Error(reply.message);
    keys.push(reply.value.key);
    url = `${reply.value.url}/http`;
  }
  await installHooks(desktop);
  return {
    desktop,
    url,
    keys,
    open: (mcpClient = 0) => httpCaller({ url, headers: { authorization: `Bearer ${keys[mcpClient]}` } }),
    receivedMs(text) {
      const lines = readFileSync(log, 'utf8').trimEnd().split('\n').reverse();
      const line = lines
        .map((each) => JSON.parse(each) as { text: string; atMs: number })
        .find((each) => each.text === text);
      return line?.atMs;
    },
  };
}

const newest = (list: readonly number[]): number | undefined => list.at(-1);

/** What was drawn of this call, with the first frame of it that could be seen. */
async function seen({ desktop }: BenchDesktop, name: string): Promise<{ drawn: Drawn; atMs: number }> {
  return until(`${name} is seen`, async () => {
    const drawn = (await drawnSoFar(desktop.approval)).find((each) => each.name === name);
    if (drawn === undefined) return undefined;
    const atMs = seenMs(drawn, newest(await shownSoFar(desktop)));
    return atMs === undefined ? undefined : { drawn, atMs };
  });
}

const hidden = (desktop: Desktop) => until('the window closes', async () => !(await isShown(desktop, 'approval')));

/** A call comes, is seen, and is withdrawn by the AI client that leaves. */
async function paintRounds(at: BenchDesktop, rounds: number): Promise<Figures> {
  const times: number[] = [];
  const contents: number[] = [];
  for (let round = -3; round < rounds; round += 1) {
    const caller = await at.open();
    const name = `bench-paint-${round + 3}`;
    const sentMs = wallMs();
    caller.call('create_note', name).catch(() => {});
    const { drawn, atMs } = await seen(at, name);
    if (round >= 0) {
      times.push(atMs - sentMs);
      contents.push(drawn.contentMs - sentMs);
    }
    caller.close();
    await hidden(at.desktop);
    await pause(100);
  }
  return {
    'call arrives → approval painted, p50': {
      value: median(times),
      unit: 'ms',
      target: 25,
      limit: 250,
      note: `${rounds} rounds`,
    },
    'call arrives → approval painted, p99': { value: quantile(times, 0.99), unit: 'ms', target: 100, limit: 250 },
    'of it until its content stands, p50': { value: median(contents), unit: 'ms' },
  };
}

/** Clicked into, armed, approved: all with the X server's own events, as a hand would. */
async function approveRounds(at: BenchDesktop, rounds: number): Promise<Figures> {
  const { approval } = at.desktop;
  const times: number[] = [];
  const caller = await at.open();
  for (let round = -1; round < rounds; round += 1) {
    const name = `bench-approve-${round + 1}`;
    const answered = caller.call('create_note', name);
    answered.catch(() => {});
    await seen(at, name);
    await clickOnScreen(approval, approval.getByRole('heading', { level: 1 }));
    const button = approval.getByRole('button', { name: 'Approve once' });
    await until('Approve is armed', async () => (await button.getAttribute('aria-disabled')) === 'false');
    await pointAt(approval, button);
    await run('xdotool', ['mousedown', '1', 'sleep', '0.08', 'mouseup', '1']); // a finger is not back up at once
    await answered;
    const pressedMs = await lastPressMs(approval);
    const receivedMs = at.receivedMs(name);
    if (receivedMs === undefined) throw new Error(`${name} was approved and did not arrive`);
    if (round >= 0) times.push(receivedMs - pressedMs);
    await hidden(at.desktop);
  }
  caller.close();
  return {
    'Approve → bytes at the upstream, p50': {
      value: median(times),
      unit: 'ms',
      target: 3,
      limit: 30,
      note: `${rounds} rounds`,
    },
    'Approve → bytes at the upstream, p99': { value: quantile(times, 0.99), unit: 'ms' },
  };
}

/** Two hundred at once, then one denial after the other: each time the next one has to be seen. */
async function waitingRounds(at: BenchDesktop, rounds: number): Promise<Figures> {
  const { desktop } = at;
  const callers: Caller[] = [];
  for (let index = 0; index < mcpClients * waitingPerMcpClient; index += 1)
    callers.push(await at.open(index % mcpClients));
  const before = (await drawnSoFar(desktop.approval)).length;
  const sentMs = wallMs();
  for (const [index, caller] of callers.entries()) caller.call('create_note', `bench-waiting-${index}`).catch(() => {});
  const first = await until('one of them is drawn', async () => (await drawnSoFar(desktop.approval))[before]);
  const { atMs: firstMs } = await seen(at, first.name);
  const pending = await until('all of them wait', async () => {
    const { pending: waiting } = await stateOf(desktop);
    return waiting.length === callers.length ? waiting.length : undefined;
  });
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const drawn = (await drawnSoFar(desktop.approval)).length;
    await pause(150);
    await desktop.approval.keyboard.press('Escape');
    const next = await until('the next one is drawn', async () => (await drawnSoFar(desktop.approval))[drawn]);
    const { atMs } = await seen(at, next.name);
    times.push(atMs - (await lastPressMs(desktop.approval)));
  }
  for (const caller of callers) caller.close();
  await hidden(desktop);
  return {
    'approvals waiting': { value: pending, unit: 'calls' },
    '200 calls at once → the first painted': { value: firstMs - sentMs, unit: 'ms', target: 100 },
    'Deny → the next of 200 painted, p50': { value: median(times), unit: 'ms', target: 100, note: `${rounds} rounds` },
    'Deny → the next of 200 painted, p99': { value: quantile(times, 0.99), unit: 'ms', target: 100 },
  };
}

async function main([folder = '', echoUpstream = '', effort]: readonly string[]): Promise<void> {
  const isQuick = effort === 'quick';
  const at = await openBenchDesktop(folder, echoUpstream);
  let figures: Figures;
  try {
    const skewMs = await clockSkewMs(at.desktop);
    figures = {
      ...(await paintRounds(at, isQuick ? 15 : 100)),
      ...(await approveRounds(at, isQuick ? 5 : 30)),
      ...(await waitingRounds(at, isQuick ? 10 : 40)),
      'clocks of the processes apart': { value: skewMs, unit: 'ms', note: 'the error of all of these' },
    };
  } finally {
    await at.desktop.close();
  }
  figures = { ...figures, ...(await benchIdle(folder, at.url, at.keys[0] ?? '', isQuick ? 3 : 9)) };
  await endPrograms();
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  async (error: unknown) => {
    await endPrograms();
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
