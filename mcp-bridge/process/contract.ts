/**
 * Every message between the bridge and main, declared once and checked where it arrives. Main treats the bridge as a
 * part that hostile upstream data may have broken: what it says is data, and it gets nothing that main's own grants
 * and approvals do not cover.
 */
import { z } from 'zod';
import type { AuditEvent } from '../core/audit/record.ts';
import type { AuthoritySnapshot } from '../core/model/authority.ts';
import { effectView } from './effect-view-schema.ts';

const id = z.string().min(1).max(300);
const instant = z.iso.datetime();
const effect = z.enum(['read', 'write', 'delete']);
const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const nothing = z.strictObject({});

const caller = z.strictObject({
  mcpClientId: id,
  mcpClientName: z.string(),
  mcpSessionId: id,
  mcpSessionStartedAt: instant,
});

const grantOffer = z.strictObject({
  effect: z.literal('write'),
  constraints: z.strictObject({
    mcpClientId: id,
    mcpSessionId: id,
    serverId: id,
    toolName: id,
    definitionHash: id,
    attributes,
  }),
  sentence: z.string().min(1),
});

export const approvalRequest = z.strictObject({
  approvalId: id,
  callDigest: z.string().regex(/^[0-9a-f]{64}$/),
  caller,
  serverId: id,
  toolName: id,
  canonicalArguments: z.string(),
  view: effectView,
  sessionGrant: grantOffer.optional(),
  permissionOffers: z
    .array(z.strictObject({ choiceId: id, offer: grantOffer }))
    .max(20)
    .optional(),
  deniedBefore: z.int().min(0),
  askedAt: instant,
  expiresAt: instant,
});

const approvalAnswer = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('approved'), approvalId: id, grantId: id.optional() }),
  z.strictObject({ outcome: z.enum(['denied', 'expired', 'withdrawn']), approvalId: id, reason: z.string() }),
]);

const releaseRequest = z.strictObject({
  callDigest: z.string().regex(/^[0-9a-f]{64}$/),
  effect,
  authorizedBy: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('approval'), approvalId: id }),
    z.strictObject({ kind: z.literal('grant'), grantId: id }),
    z.strictObject({ kind: z.literal('rule'), ruleId: id }),
  ]),
  target: z.strictObject({
    mcpClientId: id,
    mcpSessionId: id,
    serverId: id,
    toolName: id,
    definitionHash: id,
    attributes,
  }),
});
const releaseAnswer = z.discriminatedUnion('released', [
  z.strictObject({
    released: z.literal(true),
    credential: z.strictObject({ scheme: z.enum(['Bearer', 'DPoP']), value: z.string() }).optional(),
  }),
  z.strictObject({ released: z.literal(false), reason: z.string() }),
]);

const toolStatus = z.strictObject({
  name: z.string(),
  title: z.string().optional(),
  description: z.string(),
  effect,
  decidedByArguments: z.boolean(),
  /** The person's own word, in place of what was found. */
  pinnedEffect: effect.optional(),
  reasons: z.array(z.string()),
  review: z.enum(['reviewed', 'new', 'changed', 'refused']),
  definitionHash: z.string(),
  before: z.string().optional(),
  now: z.string(),
  findings: z.array(z.string()),
});

/** What a person would have to sign in for (MCP authorization), as the server says; main judges all of it again. */
const signInNeed = z.strictObject({
  resource: z.string().max(4096),
  /** Letters that look like others have no place in an address that is shown before it is opened (DG-01). */
  authorizationServers: z
    .array(
      z
        .string()
        .max(2048)
        .regex(/^[\x21-\x7e]+$/),
    )
    .min(1)
    .max(10),
  scopes: z.array(z.string().max(200)).max(100),
  why: z.enum(['not-signed-in', 'refused', 'more-scopes']),
});
export type SignInNeed = z.infer<typeof signInNeed>;

const serverStatus = z.strictObject({
  serverId: id,
  endpoint: z.string(),
  environment: z.string().optional(),
  state: z.enum(['starting', 'ready', 'restarting', 'failed', 'sign-in-needed']),
  signIn: signInNeed.optional(),
  era: z.string().optional(),
  lastError: z.string().optional(),
  tools: z.array(toolStatus),
});
export type ServerStatus = z.infer<typeof serverStatus>;

const callRow = z.strictObject({
  callId: id,
  at: instant,
  mcpClientId: id,
  serverId: id,
  toolName: z.string(),
  effect,
  headline: z.string(),
  decision: z.enum(['permit', 'prompt', 'forbid']),
  reasons: z.array(z.string()),
  grantId: z.string().optional(),
  outcome: z
    .enum(['succeeded', 'failed', 'refused', 'denied', 'expired', 'withdrawn', 'pending', 'not-sent', 'unknown'])
    .optional(),
  detail: z.string().optional(),
  durationMs: z.number().optional(),
});
export type CallRow = z.infer<typeof callRow>;

const mcpClientActivity = z.strictObject({
  mcpClientId: id,
  connected: z.boolean(),
  lastCallAt: instant.optional(),
  callsToday: z.int(),
});

export const bridgeStatus = z.strictObject({
  /** Left out when nothing about the servers has changed: with thousands of tools it is large. */
  servers: z.array(serverStatus).optional(),
  mcpClients: z.array(mcpClientActivity),
  calls: z.array(callRow),
  audit: z.strictObject({ ok: z.boolean(), records: z.int(), problem: z.string().optional() }),
  /** What the person should know of the bridge as a whole, one sentence each. */
  problems: z.array(z.string()),
  /** Keys and proofs that opened nothing, since the bridge started (LO-06). */
  wrongKeys: z.strictObject({ tries: z.int().min(1), lastAt: instant }).optional(),
});
export type BridgeStatus = z.infer<typeof bridgeStatus>;

export const mcpClientKey = z.strictObject({
  mcpClientId: id,
  name: z.string(),
  keyHash: z.string(),
  serverIds: z.array(id).optional(),
});
export type McpClientKey = z.infer<typeof mcpClientKey>;

/** What main starts the bridge with; servers are the `mcpServers` entries of DESIGN §8. */
export const bridgeSetup = z.strictObject({
  dataFolder: z.string(),
  port: z.int().min(0).max(65_535),
  servers: z.record(id, z.json()),
  mcpClients: z.array(mcpClientKey),
  review: z.enum(['first-use', 'person']),
  authority: z.custom<AuthoritySnapshot>((value) => typeof value === 'object' && value !== null),
  version: z.string(),
  /** How the app is started, for a shim that was told to start it: an absolute command, run without a shell. */
  launch: z.strictObject({ command: z.string(), args: z.array(z.string()) }),
  /** Seals what the bridge keeps in files of its own (LO-14); 64 hexadecimal digits. */
  sealKey: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BridgeSetup = z.infer<typeof bridgeSetup>;

/** Main asks, the bridge answers. */
export const toBridge = {
  start: { request: bridgeSetup, response: z.strictObject({ url: z.string(), port: z.int(), socketPath: z.string() }) },
  /** Answered when no decision uses the older epoch any more (I6). */
  'authority:replace': {
    request: z.strictObject({
      authority: z.custom<AuthoritySnapshot>((value) => typeof value === 'object' && value !== null),
    }),
    response: z.strictObject({ epoch: z.int() }),
  },
  'mcp-clients:replace': { request: z.strictObject({ mcpClients: z.array(mcpClientKey) }), response: nothing },
  'servers:add': { request: z.strictObject({ serverId: id, server: z.json() }), response: nothing },
  'servers:remove': { request: z.strictObject({ serverId: id }), response: nothing },
  /** The person signed in to this server or out of it. */
  'servers:sign-in-changed': { request: z.strictObject({ serverId: id }), response: nothing },
  'tools:accept': {
    request: z.strictObject({
      serverId: id,
      tools: z.array(z.strictObject({ toolName: z.string(), definitionHash: z.string() })),
    }),
    response: nothing,
  },
  'audit:append': {
    request: z.strictObject({
      event: z.custom<AuditEvent>((value) => typeof value === 'object' && value !== null && 'kind' in value),
    }),
    response: nothing,
  },
  'calls:older': { request: z.strictObject({ before: id }), response: z.strictObject({ calls: z.array(callRow) }) },
  'mcp-clients:disconnect': { request: nothing, response: nothing },
  stop: { request: nothing, response: nothing },
} as const;

/** The bridge asks, main answers. */
export const toMain = {
  'approval:ask': { request: approvalRequest, response: approvalAnswer },
  'approval:withdraw': { request: z.strictObject({ approvalId: id }), response: nothing },
  'authority:release': { request: releaseRequest, response: releaseAnswer },
  /** Asked before a server is reached, and again with the token that it refused; never a refresh token (I5). */
  'servers:access-token': {
    request: z.strictObject({ serverId: id, refused: z.string().max(100_000).optional() }),
    response: z.strictObject({
      token: z.strictObject({ value: z.string().min(1), expiresAtMs: z.number().optional() }).optional(),
    }),
  },
  'status:changed': { request: bridgeStatus, response: nothing },
} as const;

export type ToBridge = typeof toBridge;
export type ToMain = typeof toMain;
