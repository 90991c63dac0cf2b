/** `countersign verify-token` as a program: token in, one line and an exit status out. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleEntry } from '../support/bundle-entry.ts';
import { audience, claims, honest, issuer, keys, now, withClaims } from '../support/oidc-issuer-tokens.ts';

let program: Awaited<ReturnType<typeof bundleEntry>>;
let folder: string;
beforeAll(async () => {
  // the command alone: the rest of the command line brings native parts that have nothing to do with it
  folder = mkdtempSync(join(tmpdir(), 'countersign-verify-token-'));
  const command = resolve(import.meta.dirname, '../../mcp-bridge/process/commands/verify-token.ts');
  const entry = join(folder, 'entry.ts');
  writeFileSync(
    entry,
    `import { runVerifyToken } from ${JSON.stringify(command)};
     runVerifyToken(process.argv.slice(2)).then((status) => { process.exitCode = status; }, (error) => { process.stderr.write(error.message); process.exit(2); });`,
  );
  program = await bundleEntry(entry);
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify({ keys }));
  writeFileSync(join(folder, 'not-keys.json'), '[]');
}, 60_000);
afterAll(async () => {
  await program.remove();
  rmSync(folder, { recursive: true });
});

const given = ['--issuer', issuer, '--audience', audience, '--now', now.toISOString()];
const jwks = (): string[] => ['--jwks', join(folder, 'jwks.json')];
type Row = readonly [name: string, args: () => string[], input: string, status: number, output: unknown];
const rows: readonly Row[] = [
  ['a good token', () => [...jwks(), ...given], honest, 0, { ok: true, claims }],
  ['a line feed after it', () => [...jwks(), ...given], `${honest}\n`, 0, { ok: true, claims }],
  ['a good access token of RFC 9068', () => [...jwks(), ...given, '--type', 'at+jwt'], honest, 0, { ok: true, claims }],
  [
    'an access token as id_token',
    () => [...jwks(), ...given, '--type', 'id_token'],
    honest,
    1,
    { ok: false, code: 'token.type-refused' },
  ],
  [
    'an expired one',
    () => [...jwks(), ...given],
    withClaims({ exp: claims.iat + 1 }),
    1,
    { ok: false, code: 'token.expired' },
  ],
  ['nothing', () => [...jwks(), ...given], '', 1, { ok: false, code: 'token.malformed' }],
  ['a megabyte', () => [...jwks(), ...given], 'A'.repeat(1_000_000), 1, { ok: false, code: 'token.too-large' }],
  ['no key file', () => given, honest, 2, undefined],
  ['a key file that is none', () => ['--jwks', join(folder, 'not-keys.json'), ...given], honest, 2, undefined],
  ['an instant that is none', () => [...jwks(), ...given, '--now', 'tomorrow'], honest, 2, undefined],
  ['an unknown type', () => [...jwks(), ...given, '--type', 'jwt'], honest, 2, undefined],
];

test.each(rows)('%s', async (_name, args, input, status, output) => {
  const ended = await run(args(), input);
  expect(ended.status).toBe(status);
  expect(ended.stdout === '' ? undefined : JSON.parse(ended.stdout)).toEqual(output);
  expect(ended.stderr).not.toContain(honest);
});

function run(
  args: readonly string[],
  input: string,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [program.path, ...args]);
    const [out, err] = [[], []] as [string[], string[]];
    child.stdout.on('data', (piece) => out.push(String(piece)));
    child.stderr.on('data', (piece) => err.push(String(piece)));
    child.on('close', (status) => done({ status, stdout: out.join(''), stderr: err.join('') }));
    child.stdin.on('error', () => {}); // it stops reading when it has seen enough
    child.stdin.end(input);
  });
}
