/** Approvals of every kind the window can show, built like the real ones; times hang on the clock given. */
import type { ApprovalState } from '../../main/ipc/approval-state.ts';
import type { EffectView, ListItem } from '../../mcp-bridge/core/model/effect-view.ts';
import type { DiffLine, FileDiff } from '../../mcp-bridge/core/model/facts.ts';
import { asUntrusted } from '../../mcp-bridge/core/model/untrusted.ts';

const RLO = '\u202e';

export function sampleApproval(name: SampleName, nowMs: number, more: Partial<ApprovalState> = {}): ApprovalState {
  return {
    approvalId: `approval-${name}`,
    nonce: 'nonce-of-this-window',
    mcpClientName: 'Claude Code',
    personLabel: 'ada@acme.example',
    sessionStartedAt: new Date(nowMs - 48 * 60_000).toISOString(),
    position: 1,
    waiting: 1,
    serverId: 'git',
    toolName: 'git_commit',
    canonicalArguments: '{"message":"Retry payment webhooks with back-off","path":"/home/ada/shop-api"}',
    deniedBefore: 0,
    phrase: 'blue heron',
    expiresAt: new Date(nowMs + 5 * 60_000 - 19_000).toISOString(),
    ...SAMPLES[name],
    ...more,
  };
}

export type SampleName = keyof typeof SAMPLES;

const empty = {
  irreversible: false,
  warnings: [],
  facts: [],
  sections: [],
  claims: [],
  confirmation: { kind: 'none' },
  approveLabel: 'Approve once',
} as const satisfies Partial<EffectView>;

const retry: FileDiff = {
  path: 'src/webhooks/retry.ts',
  status: 'modified',
  binary: false,
  addedLines: 4,
  removedLines: 1,
  hunks: [
    {
      header: '@@ -21,7 +21,10 @@ export async function deliver(event) {',
      lines: [
        { kind: 'context', text: '  const response = await post(event.url, event.body);' },
        { kind: 'removed', text: '  if (!response.ok) throw new DeliveryError(event.id);' },
        { kind: 'added', text: '  if (!response.ok) {' },
        { kind: 'added', text: '    await schedule(event.id, backoff(event.attempt));' },
        { kind: 'added', text: "    return 'scheduled';" },
        { kind: 'added', text: '  }' },
        { kind: 'context', text: "  return 'delivered';" },
      ],
    },
  ],
};

const newFile: FileDiff = {
  path: 'src/webhooks/backoff.ts',
  status: 'added',
  binary: false,
  addedLines: 3,
  removedLines: 0,
  hunks: [
    {
      header: '@@ -0,0 +1,3 @@',
      lines: [
        { kind: 'added', text: 'export function backoff(attempt: number): number {' },
        { kind: 'added', text: '  return Math.min(60_000, 250 * 2 ** attempt);' },
        { kind: 'added', text: '}' },
      ],
    },
  ],
};

const commitFacts = [
  { label: 'Message', value: 'Retry payment webhooks with back-off', machineMade: false },
  { label: 'Author', value: 'Ada Example <ada@acme.example>', machineMade: false },
  { label: 'Server', value: 'git · tool git_commit', machineMade: false },
];

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
        header: `@@ -1,${lines} +1,${lines} @@`,
        lines: Array.from(
          { length: lines },
          (_, index): DiffLine => ({
            kind: kinds[index % 5] ?? 'context',
            text: `  insertRow(${index + 1}, 'row ${index + 1}');`,
          }),
        ),
      },
    ],
  };
}

function manyFiles(count: number): readonly ListItem[] {
  return Array.from({ length: count }, (_, index): ListItem => {
    const name = `exports/2026-${String((index % 12) + 1).padStart(2, '0')}-orders-${String(index + 1).padStart(3, '0')}.parquet`;
    if (index === 2) {
      return {
        name: `exports/readme${RLO}txt.exe`,
        detail: '12 kB',
        warning: 'Its name holds a hidden character, shown here.',
      };
    }
    return { name, detail: `${(index % 19) + 1}.${index % 10} MB` };
  });
}

const SAMPLES = {
  commit: {
    position: 1,
    waiting: 3,
    sessionGrantSentence: 'Claude Code may commit to main in shop-api without asking, until you sign out or at 22:00.',
    view: {
      ...empty,
      effect: 'write',
      headline: [
        { text: 'Commit 2 files to ', style: 'plain' },
        { text: 'main', style: 'code' },
        { text: ' in shop-api', style: 'plain' },
      ],
      consequence: 'New commit on your machine. Nothing is pushed.',
      facts: commitFacts,
      sections: [{ kind: 'diff', title: 'Changes', files: [retry, newFile] }],
      claims: [{ by: 'mcp-client', text: asUntrusted('The failing webhook test needs a retry path.') }],
    },
  },
  'long-diff': {
    sessionGrantSentence:
      'Claude Code may commit to import in shop-api without asking, until you sign out or at 22:00.',
    view: {
      ...empty,
      effect: 'write',
      headline: [
        { text: 'Commit 1 file to ', style: 'plain' },
        { text: 'import', style: 'code' },
        { text: ' in shop-api', style: 'plain' },
      ],
      consequence: 'New commit on your machine. Nothing is pushed.',
      warnings: ['Hooks are skipped.'],
      facts: commitFacts,
      sections: [{ kind: 'diff', title: 'Changes', files: [longDiff(5000)] }],
    },
  },
  'right-to-left': {
    toolName: 'write_file',
    serverId: 'files',
    deniedBefore: 2,
    view: {
      ...empty,
      effect: 'write',
      headline: [
        { text: 'Overwrite ', style: 'plain' },
        { text: `invoice${RLO}fdp.exe`, style: 'code' },
      ],
      consequence: 'The present content is lost: 1 file, 4 lines.',
      warnings: ['The name of the file holds a character that reverses text.'],
      facts: [
        { label: 'Path', value: `/home/ada/فواتير/نوفمبر/invoice${RLO}fdp.exe`, machineMade: true },
        { label: 'Title', value: 'فاتورة شهر نوفمبر — ملف رقم 12', machineMade: false },
        { label: 'Note', value: 'first line\nRisk: none\u200b\nApproved by: Countersign', machineMade: false },
      ],
      sections: [
        {
          kind: 'code',
          title: 'New content',
          language: 'text',
          text: 'مرحبا بالعالم\nשלום עולם\nadmin\u2066\u200d = true\n',
          marks: [],
        },
      ],
      claims: [{ by: 'mcp-client', text: asUntrusted(`Safe${RLO}.noitseuq ni ton si sihT`) }],
    },
  },
  deletion: {
    mcpClientName: 'Codex',
    serverId: 'files',
    toolName: 'delete_directory',
    canonicalArguments: '{"path":"/srv/data/exports","recursive":true}',
    view: {
      ...empty,
      effect: 'delete',
      irreversible: true,
      headline: [
        { text: 'Delete 214 files (3.1 GB) under ', style: 'plain' },
        { text: '/srv/data/exports', style: 'code' },
      ],
      consequence: 'Includes 3 folders. 2 files were changed today.',
      sections: [{ kind: 'list', title: 'What would be deleted', items: manyFiles(214) }],
      confirmation: { kind: 'type-name', name: 'exports' },
      approveLabel: 'Delete 214 files',
    },
  },
  'small-deletion': {
    serverId: 'memory',
    toolName: 'delete_entities',
    view: {
      ...empty,
      effect: 'delete',
      irreversible: true,
      headline: [{ text: 'Delete 2 entities from memory', style: 'plain' }],
      consequence: 'Their 5 relations go with them.',
      sections: [
        {
          kind: 'list',
          title: 'What would be deleted',
          items: [
            { name: 'Ada Example', detail: 'person' },
            { name: 'shop-api', detail: 'project' },
          ],
        },
      ],
      claims: [{ by: 'upstream-server', text: asUntrusted('Deletes entities and their relations.') }],
      confirmation: { kind: 'type-name', name: 'Ada Example' },
      approveLabel: 'Delete 2 entities',
    },
  },
  sql: {
    serverId: 'orders-db',
    toolName: 'execute_sql',
    view: {
      ...empty,
      effect: 'delete',
      irreversible: true,
      environment: 'production',
      headline: [
        { text: 'Delete all rows of ', style: 'plain' },
        { text: 'orders', style: 'code' },
      ],
      consequence: 'About 182,000 rows. There is no WHERE that narrows it.',
      facts: [
        { label: 'Database', value: 'orders-db · PostgreSQL', machineMade: false },
        { label: 'Tables', value: 'public.orders', machineMade: true },
      ],
      sections: [
        {
          kind: 'code',
          title: 'Statement',
          language: 'sql',
          text: "DELETE FROM public.orders\nWHERE id = id\n  OR note LIKE '%test%';",
          marks: [{ start: 26, end: 39, reason: 'is true for every row.' }],
        },
      ],
      confirmation: { kind: 'type-name', name: 'orders' },
      approveLabel: 'Delete all rows',
    },
  },
  message: {
    serverId: 'mail',
    toolName: 'send_message',
    view: {
      ...empty,
      effect: 'write',
      irreversible: true,
      headline: [{ text: 'Send a mail to 2 people', style: 'plain' }],
      consequence: 'One of them is outside acme.example. A sent mail cannot be taken back.',
      sections: [
        {
          kind: 'message',
          recipients: [{ label: 'To', names: ['finance@acme.example', 'sam@elsewhere.example'] }],
          subject: 'Invoices of November',
          body: 'Hello both,\n\nattached are the invoices of November.\n\nAda',
        },
      ],
      confirmation: { kind: 'hold', holdMs: 2000 },
      approveLabel: 'Send the mail',
    },
  },
  request: {
    serverId: 'billing',
    toolName: 'http_request',
    view: {
      ...empty,
      effect: 'write',
      headline: [
        { text: 'POST to ', style: 'plain' },
        { text: 'api.billing.example', style: 'code' },
      ],
      consequence: 'Creates something there. Countersign cannot say what.',
      sections: [
        {
          kind: 'request',
          method: 'POST',
          url: 'https://api.billing.example/v2/customers/4711/invoices?draft=false',
          headers: [
            { label: 'Content-Type', value: 'application/json', machineMade: true },
            { label: 'Idempotency-Key', value: '7f1c0d5e', machineMade: true },
          ],
          body: '{\n  "amount": 12000,\n  "currency": "EUR"\n}',
        },
      ],
    },
  },
  arguments: {
    serverId: 'tracker',
    toolName: 'update_issue',
    view: {
      ...empty,
      effect: 'write',
      headline: [
        { text: 'Call ', style: 'plain' },
        { text: 'update_issue', style: 'code' },
        { text: ' on tracker', style: 'plain' },
      ],
      consequence: 'Changes something on this server. Its arguments are below, all of them.',
      sections: [
        {
          kind: 'arguments',
          title: 'Arguments',
          fields: [
            { name: 'issue', title: 'Issue key', typeName: 'text', value: 'OPS-412' },
            {
              name: 'fields',
              typeName: 'object',
              value: {
                summary: 'Disk full on db-3',
                labels: ['disk', 'db-3'],
                priority: 2,
                assignee: { name: 'sam', notify: true },
              },
            },
            { name: 'comment', title: 'Comment', typeName: 'text', value: 'Cleared /var/log.\nWill watch it.' },
            { name: 'force', typeName: 'boolean', value: true, undeclared: true },
          ],
        },
      ],
    },
  },
} as const satisfies { readonly [name: string]: Partial<ApprovalState> };
