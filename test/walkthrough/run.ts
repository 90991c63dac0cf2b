/**
 * The walkthrough: the whole way through on real parts. A person signs in, connects an AI client, approves a commit,
 * stops a deletion; every step is judged by git, the file system and the servers' own state, not by what the app says.
 *
 * Prints one line per step, writes `walkthrough/report.json`, pictures and the ledger; exits 1 if a step fails.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright';
import { clickOnScreen, type Desktop, isShown, openDesktop, pause, until, wheelDown } from '../support/desktop.ts';
import { signInWithBrowser } from '../support/oidc-browser.ts';
import { type AiClient, connectOverHttp, connectOverShim, type ToolAnswer } from './ai-client.ts';
import { addServer, goTo, pairAiClient, revokeGrant, switchOffFreeze, switchOnFreeze } from './dashboard-driver.ts';
import { emptyReport, runStep, writeReport } from './report.ts';
import { afterFirstCommit, afterSecondCommit, afterThirdCommit, makeScene } from './scene.ts';

const root = process.cwd();
const output = path.join(root, 'walkthrough');
const run = promisify(execFile);
const report = emptyReport();

async function main(): Promise<boolean> {
  fs.rmSync(output, { recursive: true, force: true });
  fs.mkdirSync(output, { recursive: true });
  const scene = makeScene();
  let desktop: Desktop | undefined;
  try {
    desktop = await openDesktop({ dataFolder: scene.dataFolder, environment: { COUNTERSIGN_BRIDGE_PORT: '0' } });
    report.versions = await desktop.app.evaluate(() => ({ ...(process.versions as Record<string, string>) }));
    report.runtime = `Electron ${report.versions['electron']} on ${process.platform}-${process.arch}`;
    await play(scene, desktop);
  } finally {
    await desktop?.close();
    await runStep(report, 9, 'The audit chain verifies and tells the story', () => checkAudit(scene.dataFolder));
    writeReport(output, report);
    scene.remove();
  }
  return report.steps.length === 9 && report.steps.every((step) => step.ok);
}

async function play(scene: ReturnType<typeof makeScene>, desktop: Desktop): Promise<void> {
  const { dashboard, approval } = desktop;
  let ai: AiClient | undefined;
  let shim: AiClient | undefined;
  const { repository } = scene;
  const commit = (step: number, message: string, signal?: AbortSignal): Promise<ToolAnswer> =>
    heard(client(ai).call(step, 'git__git_commit', { path: repository, message }, signal));
  const commits = (): number => Number(scene.git('rev-list', '--count', 'HEAD'));

  await runStep(report, 1, 'Sign-in completes through the provider’s real pages', async () => {
    await picture(dashboard, 'dashboard-first-start');
    await goTo(dashboard, 'Identity');
    await dashboard.getByRole('button', { name: 'Sign in', exact: true }).click();
    const address = await until('the app opens the browser', () => desktop.openedAddresses()[0], 30_000);
    await signInWithBrowser(address);
    await dashboard.getByRole('button', { name: 'Sign out' }).waitFor({ timeout: 30_000 });
    await dashboard.getByText('ada@acme.example').first().waitFor();
    await picture(dashboard, 'dashboard-signed-in');
    const granted = await dashboard
      .getByText(/tools:read/)
      .first()
      .innerText();
    if (/tools:(write|delete)/.test(granted)) throw new Error(`more than reading was granted: ${granted}`);
    return 'Ada Example is signed in; only reading was asked for and granted.';
  });

  await runStep(report, 2, 'An AI client connects and lists tools', async () => {
    const modules = path.join(root, 'node_modules');
    const node = process.execPath;
    const counts = [
      await addServer(dashboard, {
        name: 'files',
        command: node,
        args: [path.join(modules, '@modelcontextprotocol/server-filesystem/dist/index.js'), scene.notes],
      }),
      await addServer(dashboard, {
        name: 'git',
        command: node,
        args: [path.join(modules, '@cyanheads/git-mcp-server/dist/index.js')],
        environmentVariables: { MCP_TRANSPORT_TYPE: 'stdio', MCP_LOG_LEVEL: 'error', GIT_SIGN_COMMITS: 'false' },
      }),
      await addServer(dashboard, {
        name: 'memory',
        command: node,
        args: [path.join(modules, '@modelcontextprotocol/server-memory/dist/index.js')],
        environmentVariables: { MEMORY_FILE_PATH: scene.knowledgeFile },
      }),
    ];
    await picture(dashboard, 'dashboard-servers');
    const { key, url } = await pairAiClient(dashboard, 'Claude Code');
    ai = await connectOverHttp(report, url, key);
    shim = await connectOverShim(report, process.execPath, [
      path.join(root, 'dist/mcp-bridge/stdio-shim.cjs'),
      '--client',
      'claude-code',
      '--data-dir',
      scene.dataFolder,
    ]);
    const [overHttp, overShim] = [await ai.listTools(), await shim.listTools()];
    const expected = counts.reduce((sum, count) => sum + count, 0);
    const theirs = overHttp.filter((name) => !name.startsWith('countersign__'));
    if (theirs.length !== expected) throw new Error(`${expected} tools were accepted, ${theirs.length} are listed`);
    if ([...overHttp].sort().join() !== [...overShim].sort().join())
      throw new Error('the two eras list different tools');
    return `${theirs.length} tools of three servers, the same over HTTP (2025-11-25) and over the stdio shim (2026-07-28).`;
  });

  await runStep(report, 3, 'A read goes through without a window', async () => {
    const answer = await client(shim).call(3, 'files__read_text_file', { path: path.join(scene.notes, 'release.md') });
    if (answer.isError || !answer.text.includes('The webhook retry ships on Friday.')) throw new Error(answer.text);
    await noWindow(desktop);
    return 'release.md was read through the stdio shim; nobody was asked.';
  });

  await runStep(report, 4, 'A commit stops at the window, is approved for the session, and exists', async () => {
    scene.stage('src/retry.ts', afterFirstCommit);
    const before = commits();
    const answer = commit(4, 'Retry payment webhooks with back-off');
    await shown(desktop, 'the approval window for the commit');
    await approval.getByText("return 'scheduled';").waitFor();
    await picture(approval, 'approval-commit');
    await note(approval, 4, 'This session');
    if (commits() !== before) throw new Error('the commit was made before it was approved');
    await approveOnScreen(approval, 'This session');
    const { isError, text } = await answer;
    if (isError) throw new Error(text);
    if (commits() !== before + 1) throw new Error('there is no new commit');
    const subject = scene.git('log', '-1', '--format=%s|%an|%ae');
    if (subject !== 'Retry payment webhooks with back-off|Ada Example|ada@acme.example')
      throw new Error(`the commit is another one: ${subject}`);
    return `the diff was shown; after the approval git has ${scene.git('log', '-1', '--format=%h %s')}.`;
  });

  await runStep(report, 5, 'A second commit runs under the session’s permission, without a window', async () => {
    scene.stage('src/retry.ts', afterSecondCommit);
    const before = commits();
    const { isError, text } = await commit(5, 'Double the pause between attempts');
    if (isError) throw new Error(text);
    if (commits() !== before + 1) throw new Error('there is no new commit');
    await noWindow(desktop);
    await goTo(dashboard, 'Permissions');
    await picture(dashboard, 'dashboard-permissions');
    return `git has ${scene.git('log', '-1', '--format=%h %s')}; nobody was asked.`;
  });

  await runStep(report, 6, 'A deletion stops at the window, is denied, and nothing is gone', async () => {
    const before = scene.knownEntities();
    const answer = heard(
      client(ai).call(6, 'memory__delete_entities', { entityNames: ['Orders service', 'Billing service'] }),
    );
    await shown(desktop, 'the approval window for the deletion');
    await approval.getByText('Orders service').first().waitFor();
    await picture(approval, 'approval-deletion');
    await note(approval, 6, 'Deny');
    await pause(1_200);
    await clickOnScreen(approval, approval.getByRole('button', { name: 'Deny' }));
    const { isError, text } = await answer;
    if (!isError) throw new Error('the AI client was not told that it failed');
    if (!/denied/i.test(text)) throw new Error(`no reason was given: ${text}`);
    if (scene.knownEntities().join() !== before.join()) throw new Error('something is gone');
    return `the AI client reads “${text}”; all ${before.length} entities are still there.`;
  });

  await runStep(report, 7, 'A code freeze refuses a commit without a window', async () => {
    await switchOnFreeze(dashboard, 'Release week');
    await picture(dashboard, 'dashboard-guardrails');
    scene.stage('src/retry.ts', afterThirdCommit);
    const before = commits();
    const { isError, text } = await commit(7, 'Limit the attempts');
    if (!isError || !/freeze/i.test(text)) throw new Error(`it was not refused as frozen: ${text}`);
    if (commits() !== before) throw new Error('the commit was made');
    await noWindow(desktop);
    await switchOffFreeze(dashboard, 'Release week');
    return `the AI client reads “${text}”`;
  });

  await runStep(report, 8, 'After a revoke the next commit asks again; cancelled, it is withdrawn', async () => {
    await revokeGrant(dashboard, /commit/i);
    const before = commits();
    const cancel = new AbortController();
    const answer = commit(8, 'Limit the attempts', cancel.signal).then(
      () => 'answered',
      () => 'cancelled',
    );
    await shown(desktop, 'the approval window after the revoke');
    await picture(approval, 'approval-after-revoke');
    await note(approval, 8, 'cancelled by the AI client');
    cancel.abort('the model changed its mind');
    if ((await answer) !== 'cancelled') throw new Error('the cancelled call was answered');
    await until('the window closes', async () => !(await isShown(desktop, 'approval')));
    await pause(500);
    if (commits() !== before) throw new Error('the commit was made');
    await goTo(dashboard, 'Activity');
    await dashboard
      .getByText(/withdrawn/i)
      .first()
      .waitFor();
    await picture(dashboard, 'dashboard-activity');
    await goTo(dashboard, 'Home');
    await picture(dashboard, 'dashboard-home');
    return 'the window opened and closed by itself; git has no new commit.';
  });

  await ai?.close().catch(() => {});
  await shim?.close().catch(() => {});
}

/** The ledger as the app left it, checked by the command line tool and read for what each step must have left. */
async function checkAudit(dataFolder: string): Promise<string> {
  for (const file of fs.readdirSync(dataFolder).filter((name) => name.startsWith('ledger.'))) {
    fs.copyFileSync(path.join(dataFolder, file), path.join(output, file));
  }
  report.ledger = path.join(output, 'ledger.sqlite');
  const cli = path.join(root, 'dist/mcp-bridge/cli.js');
  const { stdout } = await run(process.execPath, [cli, 'audit', 'verify', '--ledger', report.ledger, '--json']);
  const verdict = JSON.parse(stdout) as { ok: boolean; records: number };
  if (!verdict.ok) throw new Error(`the chain does not verify: ${stdout}`);
  const exported = await run(process.execPath, [cli, 'audit', 'export', '--ledger', report.ledger, '--json'], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const lines = exported.stdout.split('\n').filter(Boolean);
  const events = lines.map((line) => JSON.parse(line) as { event: Record<string, unknown> }).map(({ event }) => event);
  const missing = expectedRecords.filter(
    ([, matches]) => !events.some((event) => Object.entries(matches).every(([name, value]) => event[name] === value)),
  );
  if (missing.length > 0) throw new Error(`no record of: ${missing.map(([what]) => what).join('; ')}`);
  return `${verdict.records} records, unbroken, one for each step.`;
}

const expectedRecords: readonly (readonly [what: string, matches: Record<string, unknown>])[] = [
  ['the sign-in', { kind: 'identity.signed-in' }],
  ['the paired AI client', { kind: 'mcp-client.paired' }],
  ['the reviewed tools', { kind: 'tool.reviewed', serverId: 'git', toolName: 'git_commit' }],
  ['the read', { kind: 'call.decided', toolName: 'read_text_file', decision: 'permit' }],
  ['the question about the commit', { kind: 'call.decided', toolName: 'git_commit', decision: 'prompt' }],
  ['the approval', { kind: 'approval.answered', answer: 'approved' }],
  ['the intent of the commit', { kind: 'call.intent', toolName: 'git_commit' }],
  ['the outcome of the commit', { kind: 'call.outcome', toolName: 'git_commit', outcome: 'succeeded' }],
  ['the session’s permission', { kind: 'grant.created' }],
  ['the commit under it', { kind: 'call.decided', toolName: 'git_commit', decision: 'permit' }],
  ['the denied deletion', { kind: 'call.outcome', toolName: 'delete_entities', outcome: 'denied' }],
  ['the freeze', { kind: 'guardrail.switched', enabled: true }],
  ['the refused commit', { kind: 'call.outcome', toolName: 'git_commit', outcome: 'refused' }],
  ['the revoke', { kind: 'grant.revoked' }],
  ['the withdrawn commit', { kind: 'call.outcome', toolName: 'git_commit', outcome: 'withdrawn' }],
];

function client(connected: AiClient | undefined): AiClient {
  if (!connected) throw new Error('the AI client is not connected');
  return connected;
}

/** A step that fails on its way leaves its call behind; how that ends is then nobody's concern. */
function heard<Value>(answer: Promise<Value>): Promise<Value> {
  answer.catch(() => {});
  return answer;
}

async function shown(desktop: Desktop, what: string): Promise<void> {
  await until(what, () => isShown(desktop, 'approval'));
}

async function noWindow(desktop: Desktop): Promise<void> {
  await pause(300);
  if (await isShown(desktop, 'approval')) throw new Error('a window opened');
}

/** Clicks into the window, scrolls to its end, waits until it is armed, and presses the button: all as a hand would. */
async function approveOnScreen(approval: Page, name: string): Promise<void> {
  await clickOnScreen(approval, approval.getByRole('heading', { level: 1 }));
  await wheelDown(40);
  const button = approval.getByRole('button', { name });
  await until('Approve is armed', async () => (await button.getAttribute('aria-disabled')) === 'false');
  await clickOnScreen(approval, button);
}

async function note(approval: Page, step: number, answer: string): Promise<void> {
  report.approvals.push({ step, headline: await approval.getByRole('heading', { level: 1 }).innerText(), answer });
}

/** As it is in the light and in the dark. */
async function picture(page: Page, name: string): Promise<void> {
  const number = String(Math.floor(report.screenshots.length / 2) + 1).padStart(2, '0');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await pause(300); // colours fade over 150 ms
    const file = path.join(output, `${number}-${name}-${colorScheme}.png`);
    await page.screenshot({ path: file });
    report.screenshots.push(file);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

main().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
