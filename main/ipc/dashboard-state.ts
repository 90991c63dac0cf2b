/** What the dashboard shows, whole. Main sends it again on every change; the dashboard keeps nothing of its own. */
import { z } from 'zod';

const effect = z.enum(['read', 'write', 'delete']);
const instant = z.iso.datetime();

export const identityState = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('signed-out'), reason: z.string().optional() }),
  z.strictObject({ status: z.literal('signing-in'), issuer: z.string() }),
  z.strictObject({
    status: z.literal('signed-in'),
    person: z.strictObject({ subject: z.string(), name: z.string().optional(), email: z.string().optional() }),
    issuer: z.string(),
    /** What was really granted, not what was asked for. */
    grantedScopes: z.array(z.string()),
    signedInAt: instant,
  }),
]);

export const coverage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('only'), patterns: z.array(z.string().min(1).max(200)).min(1).max(100) }),
]);

export const codeFreeze = z.strictObject({
  kind: z.literal('code-freeze'),
  guardrailId: z.string(),
  name: z.string().min(1).max(120),
  from: instant,
  until: instant.optional(),
  repositories: coverage,
  branches: coverage,
  enabled: z.boolean(),
});

export const toolState = z.strictObject({
  name: z.string(),
  title: z.string().optional(),
  description: z.string(),
  effect,
  /** The arguments decide; `effect` is then the worst case. */
  decidedByArguments: z.boolean(),
  /** The person's own word, in place of what was found. */
  pinnedEffect: effect.optional(),
  reasons: z.array(z.string()),
  review: z.enum(['reviewed', 'new', 'changed', 'refused']),
  definitionHash: z.string(),
  /** For a changed tool: the reviewed definition and the present one as JSON text, for the difference. */
  before: z.string().optional(),
  now: z.string(),
  /** Hidden characters, instructions to the model and the like, one sentence each. */
  findings: z.array(z.string()),
});

/** Of servers that want a sign-in of their own (MCP authorization). Scopes and issuers are the servers' own words. */
const serverSignIn = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('needed'),
    /** Where the button leads. */
    issuer: z.string(),
    /** Origin of its sign-in page, once that turned out to be somewhere else. */
    browserAt: z.string().optional(),
    /** Set when it led somewhere else before. */
    formerIssuer: z.string().optional(),
    scopes: z.array(z.string()),
    why: z.enum(['not-signed-in', 'refused']),
    failure: z.string().optional(),
  }),
  z.strictObject({ status: z.literal('signing-in'), issuer: z.string() }),
  z.strictObject({
    status: z.literal('signed-in'),
    issuer: z.string(),
    grantedScopes: z.array(z.string()),
    unaskedScopes: z.array(z.string()),
    signedInAt: instant,
    /** A call was refused because it needs these as well. */
    more: z
      .strictObject({
        issuer: z.string(),
        formerIssuer: z.string().optional(),
        browserAt: z.string().optional(),
        scopes: z.array(z.string()),
      })
      .optional(),
    failure: z.string().optional(),
  }),
]);

export const serverState = z.strictObject({
  serverId: z.string(),
  /** The exact command line or address, untruncated. */
  endpoint: z.string(),
  environment: z.string().optional(),
  state: z.enum(['starting', 'ready', 'restarting', 'failed', 'sign-in-needed']),
  signIn: serverSignIn.optional(),
  era: z.string().optional(),
  lastError: z.string().optional(),
  tools: z.array(toolState),
});

export const mcpClientState = z.strictObject({
  mcpClientId: z.string(),
  name: z.string(),
  pairedAt: instant,
  /** The servers it is offered; all where this is left out. */
  serverIds: z.array(z.string()).optional(),
  connected: z.boolean(),
  lastCallAt: instant.optional(),
  callsToday: z.int(),
});

export const grantState = z.strictObject({
  grantId: z.string(),
  effect: z.enum(['read', 'write']),
  mcpClientId: z.string(),
  serverId: z.string(),
  sentence: z.string(),
  history: z.string(),
  createdAt: instant,
  expiresAt: instant.optional(),
  uses: z.int(),
});

export const callState = z.strictObject({
  callId: z.string(),
  at: instant,
  mcpClientId: z.string(),
  serverId: z.string(),
  toolName: z.string(),
  effect,
  headline: z.string(),
  decision: z.enum(['permit', 'prompt', 'forbid']),
  reasons: z.array(z.string()),
  outcome: z
    .enum(['succeeded', 'failed', 'refused', 'denied', 'expired', 'withdrawn', 'pending', 'not-sent', 'unknown'])
    .optional(),
  detail: z.string().optional(),
  durationMs: z.number().optional(),
});

export const pendingState = z.strictObject({
  approvalId: z.string(),
  mcpClientName: z.string(),
  effect,
  headline: z.string(),
  askedAt: instant,
  expiresAt: instant,
});

export const dashboardState = z.strictObject({
  identity: identityState,
  identityProvider: z.strictObject({
    kind: z.enum(['demo', 'own']),
    issuer: z.string().optional(),
    oauthClientId: z.string().optional(),
  }),
  vault: z.strictObject({ mode: z.enum(['encrypted', 'memory']), reason: z.string() }),
  bridge: z.strictObject({
    state: z.enum(['starting', 'ready', 'stopped', 'failed']),
    url: z.string().optional(),
    error: z.string().optional(),
  }),
  stopped: z.strictObject({ reason: z.string(), at: instant }).optional(),
  /** Things the person should know and could mend, one sentence each. */
  notices: z.array(
    z.strictObject({ id: z.string(), severity: z.enum(['info', 'warning', 'danger']), text: z.string() }),
  ),
  mcpClients: z.array(mcpClientState),
  servers: z.array(serverState),
  grants: z.array(grantState),
  guardrails: z.array(codeFreeze),
  pending: z.array(pendingState),
  calls: z.array(callState),
  audit: z.strictObject({ ok: z.boolean(), records: z.int(), problem: z.string().optional() }),
  phrase: z.string(),
  version: z.string(),
});
export type DashboardState = z.infer<typeof dashboardState>;
