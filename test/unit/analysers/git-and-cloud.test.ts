import { beforeAll, describe, expect, test } from 'vitest';
import cloud from '../../vectors/classify/cloud/argv.json' with { type: 'json' };
import git from '../../vectors/classify/git/argv.json' with { type: 'json' };
import { type Analyse, analyserOf } from './support.ts';

let analyseGit: Analyse;
let analyseCloud: Analyse;
let analyseKubernetes: Analyse;
beforeAll(async () => {
  analyseGit = await analyserOf('git-argv');
  analyseCloud = await analyserOf('cloud-cli');
  analyseKubernetes = await analyserOf('kubernetes');
});

describe('git', () => {
  test.each(git.read)('reads: git %s', (line) => expect(analyseGit(line.split(' ')).effect).toBe('read'));
  test.each(git.write)('is a write: git %s', (line) =>
    expect(analyseGit(['git', ...line.split(' ')]).effect).toBe('write'),
  );
  test.each(git.delete)('cannot be undone: git %s', (line) =>
    expect(analyseGit(line.split(' ')).effect).toBe('delete'),
  );

  test.each([
    [['commit', '-m', 'x'], 'commit', 'write'],
    [['push', 'origin', 'main'], 'push', 'write'],
    [['push', '-f'], 'push', 'delete'],
    [['merge', 'x'], 'merge', 'write'],
    [['log'], 'log', 'read'],
  ])('%j says its verb for the code freeze', (argv, action, effect) => {
    expect(analyseGit(argv)).toMatchObject({ domain: 'version-control', action, effect });
  });
  test('names the branches it pushes to', () => {
    expect(analyseGit(['push', 'origin', '+main']).objects).toEqual([{ kind: 'branch', name: '+main' }]);
  });
  test.each([
    ['a text that a shell would act on', 'log; rm x'],
    ['words that are no text', ['log', 1]],
    ['nothing', {}],
  ])('does not interpret %s', (_name, value) => {
    expect(analyseGit(value)).toMatchObject({ effect: 'delete', uninterpreted: true });
  });
});

describe('infrastructure', () => {
  test.each(cloud.read)('reads: %s', (line) => expect(analyseCloud(line).effect).toBe('read'));
  test.each(cloud.write)('is a write: %s', (line) => expect(analyseCloud(line.split(' ')).effect).toBe('write'));
  test.each(cloud.delete)('destroys or runs code: %s', (line) =>
    expect(analyseCloud(line.split(' ')).effect).toBe('delete'),
  );
  test('kubectl is understood where only its arguments are given', () => {
    expect(analyseKubernetes(['get', 'pods']).effect).toBe('read');
    expect(analyseKubernetes(['delete', 'pod', 'x']).effect).toBe('delete');
  });
});
