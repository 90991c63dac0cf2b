import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { AppError } from '../../mcp-bridge/core/errors.ts';

/**
 * Three real servers on a folder of their own, for trying Countersign out: files, git and a knowledge graph. They are
 * packages of the checkout; where they are not installed, the person is told to add a server instead.
 */
export function makeDemoWorkspace(folder: string, appFolder: string): Record<'files' | 'git' | 'memory', object> {
  const packages = path.join(appFolder, 'node_modules');
  const entries = {
    files: path.join(packages, '@modelcontextprotocol', 'server-filesystem', 'dist', 'index.js'),
    git: path.join(packages, '@cyanheads', 'git-mcp-server', 'dist', 'index.js'),
    memory: path.join(packages, '@modelcontextprotocol', 'server-memory', 'dist', 'index.js'),
  };
  if (!Object.values(entries).every((file) => fs.existsSync(file))) {
    throw new AppError('config.invalid', 'The demo servers are not installed here. Add a server of your own below.');
  }
  const notes = path.join(folder, 'notes');
  const repository = path.join(folder, 'shop-api');
  fs.mkdirSync(notes, { recursive: true, mode: 0o700 });
  if (!fs.existsSync(path.join(notes, 'welcome.md'))) {
    fs.writeFileSync(
      path.join(notes, 'welcome.md'),
      '# Welcome\n\nAsk your AI client to read this, then to change it.\n',
    );
  }
  if (!fs.existsSync(path.join(repository, '.git'))) makeRepository(repository);
  return {
    files: { command: 'node', args: [entries.files, notes] },
    git: {
      command: 'node',
      args: [entries.git],
      env: { MCP_TRANSPORT_TYPE: 'stdio', MCP_LOG_LEVEL: 'error', GIT_BASE_DIR: folder },
    },
    memory: {
      command: 'node',
      args: [entries.memory],
      env: { MEMORY_FILE_PATH: path.join(folder, 'knowledge.jsonl') },
    },
  };
}

function makeRepository(repository: string): void {
  const git = (...args: string[]): void => void execFileSync('git', ['-C', repository, ...args], { stdio: 'ignore' });
  fs.mkdirSync(repository, { recursive: true, mode: 0o700 });
  fs.writeFileSync(path.join(repository, 'README.md'), '# shop-api\n\nA repository to try commits on.\n');
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada Example');
  git('config', 'user.email', 'ada@acme.example');
  git('add', '.');
  git('-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', 'Begin');
}
