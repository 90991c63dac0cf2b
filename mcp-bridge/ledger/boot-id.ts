import { readFileSync } from 'node:fs';

/** Changes with every start of the machine; empty where the system does not say, and then it equals nothing. */
export function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}
