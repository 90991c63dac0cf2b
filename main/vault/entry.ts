import { z } from 'zod';

const tokens = z.strictObject({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).optional(),
  idToken: z.string().min(1).optional(),
  /** ISO 8601; undefined when the issuer does not say. */
  expiresAt: z.iso.datetime().optional(),
});

/** Tokens of the person's own sign-in. */
const oauthEntry = z.strictObject({
  kind: z.literal('oauth'),
  entryId: z.string().min(1).max(200),
  issuer: z.string().min(1),
  oauthClientId: z.string().min(1),
  tokens,
  /** What the issuer granted, which may be less than was asked for (OA-27). */
  grantedScopes: z.array(z.string()),
  person: z
    .strictObject({ subject: z.string().min(1), name: z.string().optional(), email: z.string().optional() })
    .optional(),
  obtainedAt: z.iso.datetime(),
});

/**
 * A sign-in to one upstream server (MCP authorization): good for this server at this address, this resource and this
 * issuer, and for nothing else.
 */
const upstreamOauthEntry = z.strictObject({
  kind: z.literal('upstream-oauth'),
  entryId: z.string().min(1).max(200),
  serverId: z.string().min(1),
  serverUrl: z.string().min(1),
  resource: z.string().min(1),
  issuer: z.string().min(1),
  oauthClient: z.strictObject({
    oauthClientId: z.string().min(1),
    secret: z.string().min(1).optional(),
    method: z.enum(['none', 'client_secret_basic', 'client_secret_post']),
  }),
  tokens,
  grantedScopes: z.array(z.string()),
  unaskedScopes: z.array(z.string()),
  obtainedAt: z.iso.datetime(),
});

/** An API key, a password or the like that a person typed in for an upstream server. */
const secretEntry = z.strictObject({
  kind: z.literal('secret'),
  entryId: z.string().min(1).max(200),
  value: z.string().min(1),
});

const vaultEntry = z.discriminatedUnion('kind', [oauthEntry, upstreamOauthEntry, secretEntry]);
export const vaultEntries = z.array(vaultEntry).max(1_000);

export type OauthEntry = z.infer<typeof oauthEntry>;
export type UpstreamOauthEntry = z.infer<typeof upstreamOauthEntry>;
export type VaultEntry = z.infer<typeof vaultEntry>;
