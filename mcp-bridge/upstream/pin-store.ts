/**
 * Where the definitions that a person reviewed are kept. A file: written beside and renamed, 0600, and with a key
 * carrying a MAC, so that a pin that somebody else wrote is noticed (LO-13, LO-14).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { z } from 'zod';
import { canonicalJson } from '../core/canonical-json.ts';
import { AppError } from '../core/errors.ts';
import type { JsonObject } from '../core/model/json.ts';
import type { ToolDefinition } from '../core/model/tool.ts';

const pin = z.strictObject({
  definitionHash: z.string().regex(/^[0-9a-f]{64}$/),
  definition: z.custom<ToolDefinition>(
    (value) => z.looseObject({ name: z.string(), inputSchema: z.looseObject({}) }).safeParse(value).success,
  ),
  state: z.enum(['reviewed', 'refused']),
});
const serverPins = z.strictObject({
  /** Command line or address at the last review: another one is another server. */
  endpoint: z.string(),
  tools: z.record(z.string(), pin),
});
const pinsFile = z.strictObject({
  version: z.literal(1),
  servers: z.record(z.string(), serverPins),
  mac: z.string().optional(),
});

export type Pin = z.output<typeof pin>;
/** A server that is listed here had its first start already, even without tools. */
export type ServerPins = z.output<typeof serverPins>;
export type Pins = { readonly [serverId: string]: ServerPins };

export type PinStore = {
  /** Throws AppError 'config.invalid' when what is there is not to be trusted. */
  load(): Pins;
  save(pins: Pins): void;
};

export function memoryPinStore(pins: Pins = {}): PinStore {
  let kept = pins;
  return {
    load: () => kept,
    save: (next) => {
      kept = next;
    },
  };
}

export function filePinStore(path: string, macKey?: Uint8Array): PinStore {
  const macOf = (servers: Pins) =>
    macKey === undefined
      ? undefined
      : createHmac('sha256', macKey)
          .update(canonicalJson(servers as unknown as JsonObject))
          .digest('hex');
  return {
    load: () => {
      const text = readOwnFile(path);
      if (text === undefined) return {};
      const parsed = pinsFile.safeParse(parseJson(text));
      if (!parsed.success) throw tampered(path, 'is not a file of pins');
      const expected = macOf(parsed.data.servers);
      if (expected !== undefined && !isSameMac(expected, parsed.data.mac))
        throw tampered(path, 'was changed from outside');
      return parsed.data.servers;
    },
    save: (servers) => {
      const mac = macOf(servers);
      const text = JSON.stringify({ version: 1, servers, ...(mac === undefined ? {} : { mac }) });
      const beside = `${path}.${randomBytes(6).toString('hex')}`;
      const file = openSync(
        beside,
        constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
        0o600,
      );
      try {
        writeSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      try {
        renameSync(beside, path);
      } catch (cause) {
        rmSync(beside, { force: true });
        throw cause;
      }
    },
  };
}

function readOwnFile(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw tampered(path, 'cannot be opened (a link, or not ours)');
  }
  try {
    const { uid, mode } = fstatSync(file);
    // SECURITY(LO-13): a file that others may write says nothing about what this person reviewed.
    if (process.platform !== 'win32' && (uid !== process.getuid?.() || (mode & 0o022) !== 0))
      throw tampered(path, 'belongs to, or can be written by, somebody else');
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSameMac(expected: string, given: string | undefined): boolean {
  return given?.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function tampered(path: string, why: string): AppError {
  return new AppError('config.invalid', `${path}: ${why}; move it away and review the tools again`);
}
