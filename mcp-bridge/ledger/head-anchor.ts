/**
 * What the chain's end was, kept outside the database, so that a cut tail or a chain made anew shows (AU-03, AU-05).
 *
 * Two slots of 512 bytes are written in turn, each with its own check: one is always whole, whatever stops the
 * machine. `durable` is the last record known to be on disk. `latest` may be lost with the power, but not by a crash
 * of the app, so it binds only within the same boot. With a MAC (key held elsewhere) nobody else can write a slot.
 */
import { closeSync, constants, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { type ChainHead, EMPTY_CHAIN, type Sha256 } from '../core/audit/chain.ts';

export type Anchor = { readonly bootId: string; readonly durable: ChainHead; readonly latest: ChainHead };
/** HMAC with a key that is not beside the ledger, lower-case hex. */
export type AnchorMac = (text: string) => string;

export type AnchorWriter = { write(anchor: Anchor): void; sync(): void; close(): void };

const SLOT_BYTES = 512;

export function anchorPath(ledgerPath: string): string {
  return `${ledgerPath}.head`;
}

/** The newer whole slot; 'absent' without a file, 'invalid' when no slot is whole or its MAC is not ours. */
export function readAnchor(ledgerPath: string, sha256: Sha256, mac?: AnchorMac): Anchor | 'absent' | 'invalid' {
  let descriptor: number;
  try {
    descriptor = openSync(anchorPath(ledgerPath), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'invalid';
  }
  try {
    const bytes = Buffer.alloc(2 * SLOT_BYTES);
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    if (length === 0) return 'absent';
    const slots = [bytes.subarray(0, SLOT_BYTES), bytes.subarray(SLOT_BYTES, length)]
      .map((slot) => parseSlot(slot.toString('latin1').trimEnd(), sha256, mac))
      .filter((anchor) => anchor !== undefined)
      .sort((a, b) => b.latest.sequence - a.latest.sequence);
    return slots[0] ?? 'invalid';
  } finally {
    closeSync(descriptor);
  }
}

export function openAnchorWriter(ledgerPath: string, sha256: Sha256, mac?: AnchorMac): AnchorWriter {
  const descriptor = openSync(anchorPath(ledgerPath), constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  let slot = newerSlot(descriptor, sha256, mac);
  return {
    write(anchor) {
      const other = 1 - slot;
      const text = anchorText(anchor);
      const line = `${sha256(text)} ${mac?.(text) ?? '-'} ${text}`.padEnd(SLOT_BYTES - 1);
      if (line.length !== SLOT_BYTES - 1) throw new RangeError('anchor slot overflow');
      const written = writeSync(descriptor, `${line}\n`, other * SLOT_BYTES, 'latin1');
      if (written !== SLOT_BYTES) throw new Error('anchor slot not written whole');
      // Only now: after a write that failed, the same one is written again and the whole one kept.
      slot = other;
    },
    sync: () => fsyncSync(descriptor),
    close: () => closeSync(descriptor),
  };
}

/** Written with every record, so it is put together by hand; hashes and numbers need no escapes. */
function anchorText({ bootId, durable, latest }: Anchor): string {
  return `{"bootId":${JSON.stringify(bootId)},"durable":${headText(durable)},"latest":${headText(latest)}}`;
}

function headText({ sequence, hash }: ChainHead): string {
  return `{"hash":"${hash}","sequence":${sequence}}`;
}

/** Which slot must be kept while the other is written. */
function newerSlot(descriptor: number, sha256: Sha256, mac: AnchorMac | undefined): number {
  const sequences = [0, 1].map((index) => {
    const bytes = Buffer.alloc(SLOT_BYTES);
    const length = readSync(descriptor, bytes, 0, SLOT_BYTES, index * SLOT_BYTES);
    return parseSlot(bytes.toString('latin1', 0, length).trimEnd(), sha256, mac)?.latest.sequence ?? -1;
  });
  return (sequences[1] ?? -1) > (sequences[0] ?? -1) ? 1 : 0;
}

function parseSlot(line: string, sha256: Sha256, mac: AnchorMac | undefined): Anchor | undefined {
  const [check, seal, ...rest] = line.split(' ');
  const text = rest.join(' ');
  if (check !== sha256(text)) return undefined;
  if (mac !== undefined && seal !== mac(text)) return undefined;
  let parsed: Partial<Anchor>;
  try {
    parsed = JSON.parse(text) as Partial<Anchor>;
  } catch {
    return undefined;
  }
  return { bootId: parsed.bootId ?? '', durable: parsed.durable ?? EMPTY_CHAIN, latest: parsed.latest ?? EMPTY_CHAIN };
}
