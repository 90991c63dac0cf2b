/** Why a token was refused. Stable: scripts and the audit log compare these. */
export type TokenRefusal =
  | 'token.too-large'
  | 'token.malformed'
  | 'token.encrypted'
  | 'token.header-invalid'
  | 'token.critical-extension'
  | 'token.algorithm-refused'
  | 'token.type-refused'
  | 'token.keys-invalid'
  | 'token.key-unknown'
  | 'token.key-ambiguous'
  | 'token.key-unsuitable'
  | 'token.key-weak'
  | 'token.signature-invalid'
  | 'token.claims-invalid'
  | 'token.issuer-mismatch'
  | 'token.audience-mismatch'
  | 'token.authorized-party-mismatch'
  | 'token.subject-invalid'
  | 'token.nonce-mismatch'
  | 'token.claim-missing'
  | 'token.wrong-use'
  | 'token.date-invalid'
  | 'token.expired'
  | 'token.not-yet-valid'
  | 'token.issued-in-future';

/** What a step of the verification throws at its caller inside this folder; `verifyToken` turns it into a value. */
export class Refused extends Error {
  readonly code: TokenRefusal;

  constructor(code: TokenRefusal) {
    super(code); // SECURITY(AU-15): the code only, never a part of the token
    this.name = 'Refused';
    this.code = code;
  }
}

export function refuseUnless(holds: boolean, code: TokenRefusal): asserts holds {
  if (!holds) throw new Refused(code);
}
