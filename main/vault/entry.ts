import { z } from 'zod';

/** Tokens of one sign-in, or of one upstream server that has an authorization server of its own. */
const oauthEntry = z.strictObject({
  kind: z.literal('oauth'),
  entryId: z.string().min(1).max(200),
  issuer: z.string().min(1),
  oauthClientId: z.string().min(1),
  tokens: z.strictObject({
    accessToken: z.string().min(1),
    refreshToken: z.string().min(1).optional(),
    idToken: z.string().min(1).optional(),
    /** ISO 8601; undefined when the issuer does not say. */
    expiresAt: z.iso.datetime().optional(),
  }),
  /** What the issuer granted, which may be less than was asked for (OA-27). */
  grantedScopes: z.array(z.string()),
  person: z
    .strictObject({ subject: z.string().min(1), name: z.string().optional(), email: z.string().optional() })
    .optional(),
  obtainedAt: z.iso.datetime(),
});

/** An API key, a password or the like that a person typed in for an upstream server. */
const secretEntry = z.strictObject({
  kind: z.literal('secret'),
  entryId: z.string().min(1).max(200),
  value: z.string().min(1),
});

const vaultEntry = z.discriminatedUnion('kind', [oauthEntry, secretEntry]);
export const vaultEntries = z.array(vaultEntry).max(1_000);

export type OauthEntry = z.infer<typeof oauthEntry>;
export type VaultEntry = z.infer<typeof vaultEntry>;
