/**
 * Deliberate failures: a stable code, a message for developers, and a sentence for the person that names the cause
 * and the mend. Expected outcomes (forbid, denied, expired) are union members, never exceptions.
 *
 * INVARIANT: no secret, claim or tool argument appears in an AppError.
 */
const userMessages = {
  'vault.unavailable': 'The system keychain is locked or missing. Unlock it, or go on with tokens kept in memory only.',
  'ledger.unavailable':
    'The audit log cannot be written, so nothing that changes anything runs. Free disk space or fix its permissions.',
  'ledger.broken': 'The audit log does not verify. It is kept as it is; look at it with `countersign audit verify`.',
  'bridge.port-busy':
    'The bridge port is in use. End the program that holds it, or choose another port in the settings.',
  'bridge.not-running': 'Countersign is not running. Start it, then try again.',
  'bridge.not-ours': 'Whatever listens on the bridge address is not Countersign. Nothing was sent to it.',
  'files.not-private':
    'A file or folder of Countersign is a link, or other users could read or replace it, so it is not used.',
  'client.no-usable-key':
    'This AI client has no key that Countersign takes. Connect it with `countersign connect`, or pair it in the app.',
  'client.key-not-changed':
    'The key could not be changed everywhere, so it was not changed: the one before still holds. Free disk space, or mend who may write to the data folder, and try again.',
  'config.invalid': 'The configuration could not be read.',
  'identity.sign-in-failed': 'The sign-in did not complete. Try again.',
  'identity.issuer-refused': 'The identity provider did not meet a requirement and was refused.',
  'token.refused': 'The token was refused.',
  'upstream.unavailable': 'The server behind this tool is not answering. It is being restarted; try again shortly.',
  'upstream.refused': 'The server could not be started as configured.',
  'catalogue.name-collision': 'Two tools have names that could be mistaken for each other; both are refused.',
  usage: 'The command was not understood.',
} as const;

export type ErrorCode = keyof typeof userMessages;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(userMessages, code);
}

export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, developerMessage: string, options?: ErrorOptions) {
    super(developerMessage, options);
    this.name = 'AppError';
    this.code = code;
  }

  /** One or two sentences for the person: cause and mend. */
  get userMessage(): string {
    return userMessages[this.code];
  }
}
