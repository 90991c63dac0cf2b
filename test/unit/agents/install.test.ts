import { expect, test } from 'vitest';
import { agents } from '../../agents/clients.mjs';
import { differences, roomComplaint, versionOf } from '../../agents/install.mjs';

const small = { ...agents[0], id: 'small', megabytes: 100 } as (typeof agents)[number];

test.each([
  ['room enough says nothing', [small], 150, undefined],
  ['too little room names the client and both sizes', [small], 149.9, /small takes 150 MB in .*, and 149 MB are free/],
  ['nothing to install needs no room', [], 0, undefined],
] as const)('%s', (_name, missing, freeMegabytes, expected) => {
  const complaint = roomComplaint(missing, freeMegabytes);
  if (expected === undefined) expect(complaint).toBeUndefined();
  else expect(complaint).toMatch(expected);
});

const wanted = { packages: { '': {}, a: { version: '1', integrity: 'x' }, b: { version: '1', optional: true } } };

test.each([
  ['what is pinned', { a: { version: '1', integrity: 'x' } }, []],
  ['another digest', { a: { version: '1', integrity: 'y' } }, ['a']],
  ['one is missing', {}, ['a']],
  ['one that nobody pinned', { a: { version: '1', integrity: 'x' }, c: { version: '1' } }, ['c']],
] as const)('installed: %s', (_name, packages, expected) => {
  expect(differences(wanted, { packages })).toEqual(expected);
});

test.each(agents.map((agent) => [agent.id, agent] as const))('%s is pinned to one exact version', (_id, agent) => {
  expect(versionOf(agent)).toMatch(/^\d+\.\d+\.\d+$/);
});
