import type { Profile } from './profile-schema.ts';

/** One file per well-known server; README.md says how to add one. */
export const profiles: readonly Profile[] = [];
