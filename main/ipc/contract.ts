/**
 * Every message between a renderer and main, declared once. Main, the preloads and the renderers derive from it;
 * only `handle.ts` touches ipcMain.
 */
import { z } from 'zod';
import { approvalState, armingState } from './approval-state.ts';
import { channel, nothing } from './channel.ts';
import { callState, codeFreeze, dashboardState } from './dashboard-state.ts';

const id = z.string().min(1).max(200);

/** The key is shown once and stored hashed. */
const newKey = z.strictObject({
  mcpClientId: id,
  key: z.string(),
  url: z.string(),
  snippets: z.array(
    z.strictObject({
      title: z.string(),
      /** Does it all at once, from a terminal. */
      command: z.string(),
      language: z.enum(['shell', 'json', 'toml', 'yaml']),
      text: z.string(),
    }),
  ),
});

export const channels = {
  'dashboard:state': channel({ surface: 'dashboard', request: nothing, response: dashboardState }),

  'identity:sign-in': channel({ surface: 'dashboard', request: nothing, response: nothing }),
  'identity:cancel-sign-in': channel({ surface: 'dashboard', request: nothing, response: nothing }),
  'identity:sign-out': channel({ surface: 'dashboard', request: nothing, response: nothing }),
  'identity:use-provider': channel({
    surface: 'dashboard',
    request: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('demo') }),
      z.strictObject({ kind: z.literal('own'), issuer: z.url().max(2000), oauthClientId: z.string().min(1).max(300) }),
    ]),
    response: nothing,
  }),

  // SECURITY(T-04): the approval window cannot reach any of these; the dashboard cannot answer an approval.
  'grants:revoke': channel({
    surface: 'dashboard',
    request: z.strictObject({ grantId: id }),
    response: z.strictObject({ revokedAt: z.iso.datetime() }),
  }),
  'guardrails:save': channel({ surface: 'dashboard', request: codeFreeze, response: nothing }),
  'guardrails:remove': channel({
    surface: 'dashboard',
    request: z.strictObject({ guardrailId: id }),
    response: nothing,
  }),
  'stop:everything': channel({ surface: 'dashboard', request: nothing, response: nothing }),
  'stop:resume': channel({ surface: 'dashboard', request: nothing, response: nothing }),

  'mcp-clients:pair': channel({
    surface: 'dashboard',
    request: z.strictObject({ name: z.string().min(1).max(80) }),
    response: newKey,
  }),
  /** The old key ends at once. */
  'mcp-clients:rotate': channel({
    surface: 'dashboard',
    request: z.strictObject({ mcpClientId: id }),
    response: newKey,
  }),
  'mcp-clients:offer-servers': channel({
    surface: 'dashboard',
    /** Without `serverIds` all servers, those to come included; an empty list is none. */
    request: z.strictObject({ mcpClientId: id, serverIds: z.array(id).max(1000).optional() }),
    response: nothing,
  }),
  'mcp-clients:remove': channel({
    surface: 'dashboard',
    request: z.strictObject({ mcpClientId: id }),
    response: nothing,
  }),

  'servers:add': channel({
    surface: 'dashboard',
    request: z.strictObject({
      serverId: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/),
      command: z.string().max(4000).optional(),
      args: z.array(z.string().max(4000)).max(100).optional(),
      /** Environment variables for the server's process, and for nothing else. */
      env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(20_000)).optional(),
      url: z.string().max(2000).optional(),
      /** Of an OAuth client that the person registered with the server's service; the secret goes into the vault. */
      oauthClientId: z.string().min(1).max(2000).optional(),
      oauthClientSecret: z.string().min(1).max(4000).optional(),
      environment: z.string().max(60).optional(),
    }),
    response: nothing,
  }),
  'servers:remove': channel({ surface: 'dashboard', request: z.strictObject({ serverId: id }), response: nothing }),
  /** All of it is what stood beside the button; nothing else is opened or asked for. The sign-in goes on in the browser. */
  'servers:sign-in': channel({
    surface: 'dashboard',
    request: z.strictObject({
      serverId: id,
      issuer: z.string().min(1).max(2048),
      scopes: z.array(z.string().max(200)).max(100),
      browserAt: z.string().min(1).max(2048).optional(),
    }),
    response: nothing,
  }),
  'servers:cancel-sign-in': channel({
    surface: 'dashboard',
    request: z.strictObject({ serverId: id }),
    response: nothing,
  }),
  'servers:sign-out': channel({ surface: 'dashboard', request: z.strictObject({ serverId: id }), response: nothing }),
  'servers:add-demo': channel({ surface: 'dashboard', request: nothing, response: nothing }),
  'servers:accept-tools': channel({
    surface: 'dashboard',
    request: z.strictObject({
      serverId: id,
      tools: z
        .array(z.strictObject({ toolName: z.string(), definitionHash: z.string() }))
        .min(1)
        .max(2000),
    }),
    response: nothing,
  }),

  /** The person's own word about what a tool does; without `effect`, what was found counts again. */
  'tools:pin-effect': channel({
    surface: 'dashboard',
    request: z.strictObject({
      serverId: id,
      toolName: z.string(),
      definitionHash: z.string(),
      effect: z.enum(['read', 'write', 'delete']).optional(),
    }),
    response: nothing,
  }),

  'calls:older': channel({
    surface: 'dashboard',
    request: z.strictObject({ before: id }),
    response: z.strictObject({ calls: z.array(callState) }),
  }),
  /** Brings the window with the waiting requests to the front; it cannot answer one. */
  'approvals:bring-forward': channel({ surface: 'dashboard', request: nothing, response: nothing }),
  'phrase:set': channel({
    surface: 'dashboard',
    request: z.strictObject({ phrase: z.string().min(3).max(60) }),
    response: nothing,
  }),
  'clipboard:copy': channel({
    surface: 'dashboard',
    request: z.strictObject({ text: z.string().max(20_000) }),
    response: nothing,
  }),

  'approval:current': channel({
    surface: 'approval',
    request: nothing,
    response: z.strictObject({ approval: approvalState.optional(), arming: armingState }),
  }),
  /** The window has painted this request; until then it is not shown. */
  'approval:painted': channel({
    surface: 'approval',
    request: z.strictObject({ approvalId: id, heightPx: z.number().min(0).max(20_000) }),
    response: nothing,
  }),
  'approval:answer': channel({
    surface: 'approval',
    request: z.strictObject({
      approvalId: id,
      nonce: z.string(),
      answer: z.enum(['deny', 'approve-once', 'approve-session']),
      /** The second gesture, as far as one was asked for. */
      typedName: z.string().max(2000).optional(),
      heldMs: z.number().min(0).max(60_000).optional(),
      /** Of a request for permissions: what was ticked. */
      tickedChoices: z.array(id).max(20).optional(),
      /** True once everything on the page has been scrolled into view (DESIGN 7.6). */
      sawEverything: z.boolean(),
    }),
    response: z.strictObject({ accepted: z.boolean(), reason: z.string().optional() }),
  }),
} as const;

/** What main sends by itself. */
export const pushes = {
  'dashboard:changed': { surface: 'dashboard', payload: dashboardState },
  'approval:show': {
    surface: 'approval',
    payload: z.strictObject({ approval: approvalState.optional(), arming: armingState }),
  },
  'approval:arming': { surface: 'approval', payload: armingState },
} as const;

export type Channels = typeof channels;
export type ChannelName = keyof Channels;
export type RequestOf<Name extends ChannelName> = z.infer<Channels[Name]['request']>;
export type ResponseOf<Name extends ChannelName> = z.infer<Channels[Name]['response']>;
export type PushName = keyof typeof pushes;
export type PayloadOf<Name extends PushName> = z.infer<(typeof pushes)[Name]['payload']>;
