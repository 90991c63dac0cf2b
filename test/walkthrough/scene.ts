/** What the walkthrough works on: a real git repository, a folder, a knowledge file, in a temporary place of its own. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export type Scene = {
  readonly folder: string;
  readonly repository: string;
  readonly notes: string;
  readonly knowledgeFile: string;
  readonly dataFolder: string;
  git(...args: readonly string[]): string;
  /** Changes a file and stages it, as a developer at work would. */
  stage(file: string, text: string): void;
  knownEntities(): readonly string[];
  remove(): void;
};

export function makeScene(): Scene {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-walkthrough-')));
  const repository = path.join(folder, 'shop-api');
  const notes = path.join(folder, 'notes');
  const dataFolder = path.join(folder, 'data');
  const knowledgeFile = path.join(folder, 'knowledge.jsonl');
  for (const made of [path.join(repository, 'src'), notes, dataFolder])
    fs.mkdirSync(made, { recursive: true, mode: 0o700 });

  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada Example');
  git('config', 'user.email', 'ada@acme.example');
  git('config', 'commit.gpgsign', 'false');
  fs.writeFileSync(path.join(repository, 'src', 'retry.ts'), before);
  git('add', '.');
  git('commit', '--quiet', '--message', 'Deliver payment webhooks');

  fs.writeFileSync(path.join(notes, 'release.md'), '# Release 14\n\nThe webhook retry ships on Friday.\n');
  const entities = ['Orders service', 'Billing service', 'Ada Example'];
  fs.writeFileSync(
    knowledgeFile,
    `${entities.map((name) => JSON.stringify({ type: 'entity', name, entityType: 'thing', observations: ['known'] })).join('\n')}\n`,
  );

  return {
    folder,
    repository,
    notes,
    knowledgeFile,
    dataFolder,
    git,
    stage(file, text) {
      fs.writeFileSync(path.join(repository, file), text);
      git('add', '--', file);
    },
    knownEntities: () =>
      fs
        .readFileSync(knowledgeFile, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { type: string; name: string })
        .filter((item) => item.type === 'entity')
        .map((item) => item.name),
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

const before = `export async function deliver(event: WebhookEvent): Promise<string> {
  const response = await post(event.url, event.body);
  if (!response.ok) throw new DeliveryError(event.id);
  return 'delivered';
}
`;

export const afterFirstCommit = `export async function deliver(event: WebhookEvent): Promise<string> {
  const response = await post(event.url, event.body);
  if (!response.ok) {
    await schedule(event.id, backoff(event.attempt));
    return 'scheduled';
  }
  return 'delivered';
}
`;

export const afterSecondCommit = `${afterFirstCommit}
export function backoff(attempt: number): number {
  return Math.min(60_000, 500 * 2 ** attempt);
}
`;

export const afterThirdCommit = `${afterSecondCommit}
export const mostAttempts = 12;
`;
