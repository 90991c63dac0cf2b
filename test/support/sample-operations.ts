/**
 * Calls of every kind as the bridge would show them: classified by the real classifier with the real parsers and built
 * by the real effect view, from the arguments and the facts given here.
 */
import { buildEffectView } from '../../mcp-bridge/core/approval/effect-view.ts';
import { permissionsView } from '../../mcp-bridge/core/approval/views/permissions-view.ts';
import { classify } from '../../mcp-bridge/core/classify/classify.ts';
import type { EffectView } from '../../mcp-bridge/core/model/effect-view.ts';
import type { DiffLine, Facts, FileDiff } from '../../mcp-bridge/core/model/facts.ts';
import type { JsonObject } from '../../mcp-bridge/core/model/json.ts';
import type { Operation } from '../../mcp-bridge/core/model/operation.ts';
import { loadAnalysers } from '../../mcp-bridge/parsers/load-analysers.ts';
import { commitFacts, operationWith, repository } from './operation-fixtures.ts';

export type SampleCall = {
  readonly serverId: string;
  readonly toolName: string;
  readonly description?: string;
  readonly arguments: JsonObject;
  /** Titles of arguments by name; all given arguments are declared but those listed in `undeclared`. */
  readonly titles?: { readonly [name: string]: string };
  readonly undeclared?: readonly string[];
  readonly dialect?: string;
  readonly environment?: string;
  readonly facts?: Facts;
};

export async function effectViewOf(sample: SampleCall): Promise<EffectView> {
  const { operation, tool } = await operationOf(sample);
  return buildEffectView(operation, tool);
}

async function operationOf(sample: SampleCall) {
  const { serverId, toolName, description = '', arguments: toolArguments, titles = {}, undeclared = [] } = sample;
  const declared = Object.keys(toolArguments).filter((name) => !undeclared.includes(name));
  const properties = Object.fromEntries(
    declared.map((name) => {
      const value = toolArguments[name];
      const type = Array.isArray(value) ? 'array' : typeof value;
      return [name, titles[name] === undefined ? { type } : { type, title: titles[name] }];
    }),
  );
  const tool = { name: toolName, description, inputSchema: { type: 'object', properties } };
  const { dialect, environment, facts } = sample;
  const classification = classify(
    { serverId, tool, trusted: false, arguments: toolArguments, dialect },
    await loadAnalysers(),
  );
  const operation: Operation = operationWith({
    serverId,
    toolName,
    arguments: toolArguments,
    classification,
    ...(facts === undefined ? {} : { facts }),
    ...(environment === undefined ? {} : { environment }),
  });
  return { operation, tool };
}

function longDiff(lines: number): FileDiff {
  const kinds = ['context', 'added', 'removed', 'context', 'added'] as const;
  return {
    path: 'migrations/2026-11-import.ts',
    status: 'modified',
    binary: false,
    addedLines: (lines * 2) / 5,
    removedLines: lines / 5,
    hunks: [
      {
        header: `@@ -1,${lines} +1,${lines} @@ export async function importOrders(rows: readonly Row[]) {`,
        lines: Array.from({ length: lines }, (_, index): DiffLine => {
          const text = `  await insertOrder({ id: ${index + 1}, note: 'row ${index + 1}' }); // checked`;
          return { kind: kinds[index % 5] ?? 'context', text };
        }),
      },
    ],
  };
}

const sql = (text: string, more: Partial<SampleCall> = {}): SampleCall => ({
  serverId: 'orders-db',
  toolName: 'execute_sql',
  description: 'Executes SQL on the database.',
  arguments: { sql: text },
  dialect: 'postgres',
  ...more,
});

const shell = (command: string, more: Partial<SampleCall> = {}): SampleCall => ({
  serverId: 'build-box',
  toolName: 'run_command',
  description: 'Runs a shell command.',
  arguments: { command },
  ...more,
});

const exportFile = (index: number) => ({
  path: `/srv/data/exports/2026-${String((index % 12) + 1).padStart(2, '0')}-orders-${String(index + 1).padStart(3, '0')}.parquet`,
  exists: true,
  entryKind: 'file' as const,
  bytes: 1_400_000 * ((index % 19) + 1),
});

export const sampleCalls = {
  commit: {
    serverId: 'git',
    toolName: 'git_commit',
    arguments: { path: '/srv/shop-api', message: 'Retry payment webhooks with back-off', purpose: 'The failing test.' },
    facts: commitFacts({ message: 'Retry payment webhooks with back-off', hooks: ['pre-commit'] }),
  },
  'long-diff': {
    serverId: 'git',
    toolName: 'git_commit',
    arguments: { path: '/srv/shop-api', message: 'Import orders' },
    facts: commitFacts({ message: 'Import orders', skipsHooks: true, diff: [longDiff(5000)] }),
  },
  'force-push': {
    serverId: 'git',
    toolName: 'git_push',
    arguments: { path: '/srv/shop-api', remote: 'origin', branch: 'main', force: true },
    facts: {
      kind: 'git-push',
      repository,
      remote: { name: 'origin', url: 'git@example.test:acme/shop-api.git' },
      targetBranch: 'main',
      force: true,
      deletes: false,
      commits: [
        { hash: 'b7c1'.repeat(10), subject: 'Retry payment webhooks with back-off', author: 'Ada <ada@example.test>' },
        { hash: '09ae'.repeat(10), subject: 'Round amounts half to even', author: 'Sam <sam@example.test>' },
      ],
    },
  },
  overwrite: {
    serverId: 'files',
    toolName: 'write_file',
    arguments: { path: '/srv/shop-api/config/limits.json', content: '{\n  "retries": 9\n}\n' },
    facts: {
      kind: 'files',
      action: 'overwrite',
      targets: [
        {
          path: '/srv/shop-api/config/limits.json',
          exists: true,
          entryKind: 'file',
          bytes: 21,
          modifiedAt: '2026-11-20T17:04:00.000Z',
        },
      ],
      diff: [
        {
          path: 'limits.json',
          status: 'modified',
          binary: false,
          addedLines: 1,
          removedLines: 1,
          hunks: [
            {
              header: '@@ -1,3 +1,3 @@',
              lines: [
                { kind: 'context', text: '{' },
                { kind: 'removed', text: '  "retries": 3' },
                { kind: 'added', text: '  "retries": 9' },
                { kind: 'context', text: '}' },
              ],
            },
          ],
        },
      ],
    },
  },
  deletion: {
    serverId: 'files',
    toolName: 'delete_directory',
    arguments: { path: '/srv/data/exports', recursive: true },
    facts: {
      kind: 'files',
      action: 'delete',
      targets: [{ path: '/srv/data/exports', exists: true, entryKind: 'folder' }],
      diff: [],
      covers: {
        files: 200,
        folders: 3,
        bytes: 2_740_000_000,
        items: Array.from({ length: 200 }, (_, index) => exportFile(index)),
      },
    },
  },
  'unknown-deletion': {
    serverId: 'tracker',
    toolName: 'delete_issues',
    description: 'Deletes issues.',
    arguments: { issue_ids: ['OPS-412', 'OPS-413', 'OPS-977'], notify: false },
  },
  'sql-drop': sql('DROP TABLE orders CASCADE;', { environment: 'production' }),
  'sql-delete': sql('-- tidy up\nDELETE FROM public.orders;'),
  'sql-update': sql(
    "UPDATE orders\nSET status = 'void', note = 'it''s done'\nWHERE id = id\n   OR note LIKE '%test%';",
  ),
  'sql-insert': sql("INSERT INTO orders (id, note) VALUES (4711, 'DROP TABLE orders');"),
  'sql-several': sql(
    "INSERT INTO audit VALUES (1, 'start');\nUPDATE orders SET status = 'paid' WHERE id = 7;\nDROP TABLE carts, cart_items;\nDELETE FROM sessions WHERE seen < now() - interval '1 day';",
    { environment: 'production' },
  ),
  'sql-unread': sql('DELETE FORM orders WHERE id = 7'),
  shell: shell('rm -rf build'),
  'shell-long': shell(
    'set -euo pipefail\ncd /srv/shop-api\nfor service in api worker mailer; do\n  systemctl stop "$service"\ndone\nrm -rf /srv/shop-api/releases/2026-1*\necho done > /var/log/release.log\n',
    { environment: 'production' },
  ),
  'shell-unread': shell('if ((( rm -rf /'),
  message: {
    serverId: 'mail',
    toolName: 'send_email',
    description: 'Sends an email.',
    arguments: {
      to: ['finance@acme.example', 'sam@elsewhere.example'],
      cc: 'ada@acme.example',
      bcc: ['archive@acme.example'],
      subject: 'Invoices of November',
      body: 'Hello both,\n\nattached are the invoices of November.\n\nAda',
      attachments: [{ filename: 'invoices-2026-11.pdf', size: 48213 }, { filename: 'overview.xlsx' }],
    },
  },
  chat: {
    serverId: 'slack',
    toolName: 'slack_post_message',
    description: 'Posts a message to a channel.',
    arguments: { channel_id: '#release', text: 'shop-api 4.2 is out :tada:' },
  },
  request: {
    serverId: 'billing',
    toolName: 'http_request',
    description: 'Sends an HTTP request.',
    arguments: {
      method: 'POST',
      url: 'https://api.billing.example/v2/customers/4711/invoices?draft=false',
      headers: {
        'Content-Type': 'application/json',
        Authorization: 'Bearer 3f9a-demo-credential',
        'Idempotency-Key': '7f1c0d5e',
      },
      body: '{\n  "amount": 12000,\n  "currency": "EUR"\n}',
    },
  },
  'request-spoofed': {
    serverId: 'web',
    toolName: 'http_request',
    description: 'Sends an HTTP request.',
    arguments: { method: 'DELETE', url: 'http://api.billing.example@\u0430pi.billing.example/v2/customers/4711' },
  },
  arguments: {
    serverId: 'tracker',
    toolName: 'update_issue',
    description: 'Updates an issue.',
    titles: { issue: 'Issue key', comment: 'Comment' },
    undeclared: ['force'],
    arguments: {
      issue: 'OPS-412',
      fields: {
        summary: 'Disk full on db-3',
        labels: ['disk', 'db-3'],
        priority: 2,
        assignee: { name: 'sam', notify: true },
      },
      comment: 'Cleared /var/log.\nWill watch it.',
      force: true,
    },
  },
  'right-to-left': {
    serverId: 'files',
    toolName: 'write_file',
    arguments: {
      path: '/srv/invoice\u202efdp.exe',
      content: 'مرحبا بالعالم\nשלום עולם\nadmin\u2066\u200d = true\n',
      reason: 'Safe\u202e.noitseuq ni ton si sihT',
    },
    facts: {
      kind: 'files',
      action: 'create',
      targets: [{ path: '/srv/invoice\u202efdp.exe', exists: false }],
      diff: [
        {
          path: 'invoice\u202efdp.exe',
          status: 'added',
          binary: false,
          addedLines: 3,
          removedLines: 0,
          hunks: [
            {
              header: '@@ -0,0 +1,3 @@',
              lines: [
                { kind: 'added', text: 'مرحبا بالعالم' },
                { kind: 'added', text: 'שלום עולם' },
                { kind: 'added', text: 'admin\u2066\u200d = true' },
              ],
            },
          ],
        },
      ],
    },
  },
  production: {
    serverId: 'git',
    toolName: 'git_commit',
    environment: 'production',
    arguments: { path: '/srv/shop-api', message: 'Raise the retry limit' },
    facts: commitFacts({ message: 'Raise the retry limit' }),
  },
  unknown: {
    serverId: 'gizmo',
    toolName: 'frobnicate',
    description: 'Frobnicates.',
    arguments: { target: 'alpha', level: 3 },
  },
} as const satisfies { readonly [name: string]: SampleCall };

export type SampleCallName = keyof typeof sampleCalls;

export function samplePermissions(): EffectView {
  const sentences = [
    'May commit to shop-api on branches matching feature/*, until this session ends.',
    'May write files under /srv/shop-api/docs, until this session ends.',
    'May create issues on tracker, until this session ends.',
  ];
  const offers = sentences.map((sentence, index) => ({
    choiceId: `choice-${index + 1}`,
    offer: {
      effect: 'write' as const,
      sentence,
      constraints: {
        mcpClientId: 'claude',
        mcpSessionId: 'session-1',
        serverId: 'git',
        toolName: 'git_commit',
        definitionHash: 'f'.repeat(64),
        attributes: {},
      },
    },
  }));
  return permissionsView(offers, 'A refactoring over three repositories.');
}

/** All of them, the request for permissions included, by name. */
export function allSamples() {
  const calls = Object.entries(sampleCalls).map(([name, sample]: [string, SampleCall]) => ({
    name,
    serverId: sample.serverId,
    toolName: sample.toolName,
    toolArguments: sample.arguments,
    build: () => effectViewOf(sample),
  }));
  const permissions = {
    name: 'permissions',
    serverId: 'countersign',
    toolName: 'request_permissions',
    toolArguments: {},
    build: async () => samplePermissions(),
  };
  return [...calls, permissions];
}
