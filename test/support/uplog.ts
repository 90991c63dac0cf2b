/** The append-only log of what an upstream says it executed: what abuse tests believe. */
import { existsSync, readFileSync } from 'node:fs';

export type UplogEntry = {
  readonly executed?: string;
  readonly listed?: true;
  readonly cancelled?: number;
  readonly answeredQuestion?: string;
  readonly error?: { readonly code: number };
};

export function readUplog(path: string): readonly UplogEntry[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as UplogEntry);
}

export function executed(path: string): readonly string[] {
  return readUplog(path).flatMap((entry) => (entry.executed === undefined ? [] : [entry.executed]));
}
