import { beforeAll, describe, expect, test } from 'vitest';
import mysql from '../../vectors/classify/sql/mysql.json' with { type: 'json' };
import sqlite from '../../vectors/classify/sql/sqlite.json' with { type: 'json' };
import tsql from '../../vectors/classify/sql/tsql.json' with { type: 'json' };
import { type Analyse, analyserOf } from './support.ts';

let analyse: Analyse;
beforeAll(async () => {
  analyse = await analyserOf('sql');
});

/** The parser for these dialects knows neither of these forms; they are asked about, never run unasked. */
const NOT_PARSED = ['with rollup', ' glob '];
const parsed = (text: string) => !NOT_PARSED.some((form) => text.includes(form));

describe.each([
  ['mysql', mysql],
  ['sqlite', sqlite],
  ['tsql', tsql],
] as const)('SQL for %s', (dialect, corpus) => {
  test.each(corpus.read.filter(parsed))('reads: %s', (text) => expect(analyse(text, { dialect }).effect).toBe('read'));
  test.each(corpus.beyond)('is more than reading: %j', (text) =>
    expect(analyse(text, { dialect }).effect).not.toBe('read'),
  );
  test.each(corpus.beyond)('is more than reading where the dialect is not known (CL-07): %j', (text) =>
    expect(analyse(text).effect).not.toBe('read'),
  );
  test('over-rates few ordinary reads where the dialect is not known', () => {
    const asked = corpus.read.filter((text) => analyse(text).effect !== 'read');
    expect(asked.length).toBeLessThanOrEqual(2);
  });
});

describe('what a statement does to rows', () => {
  test.each([
    ['mysql', 'update t set a = 1', 'update-all-rows', 'delete'],
    ['mysql', 'update t set a = 1 where 1', 'update-all-rows', 'delete'],
    ['mysql', "update t set a = 1 where 'a' = 'a'", 'update-all-rows', 'delete'],
    ['mysql', 'update t set a = 1 where id = id', 'update-all-rows', 'delete'],
    ['mysql', 'update t set a = 1 where id > 0', 'update-all-rows', 'delete'],
    ['mysql', 'update t set a = 1 where id = 5', 'update', 'write'],
    ['mysql', 'update t set a = 1 limit 5', 'update', 'write'],
    ['mysql', 'delete from t', 'delete-all-rows', 'delete'],
    ['mysql', 'delete from t where true or a = 1', 'delete-all-rows', 'delete'],
    ['mysql', 'delete from t where id = 5', 'delete-rows', 'delete'],
    ['sqlite', 'update t set a = 1 where rowid is not null', 'update-all-rows', 'delete'],
    ['sqlite', 'update t set a = 1 where not false', 'update-all-rows', 'delete'],
    ['sqlite', 'update t set a = 1 where a is null or a is not null', 'update-all-rows', 'delete'],
    ['sqlite', "update t set a = 1 where name like '%'", 'update-all-rows', 'delete'],
    ['sqlite', "update t set a = 1 where name like 'x%'", 'update', 'write'],
    ['tsql', 'update t set a = 1 where 1 = 1 and 2 > 1', 'update-all-rows', 'delete'],
    ['tsql', 'update t set a = 1 where id in (select id from t)', 'update-all-rows', 'delete'],
    ['tsql', 'update t set a = 1 where id between id and id', 'update-all-rows', 'delete'],
    ['tsql', 'update t set a = 1 where exists (select 1)', 'update-all-rows', 'delete'],
    ['tsql', 'update t set a = 1 where b < 5 or b >= 5', 'update-all-rows', 'delete'],
  ])('%s: %s', (dialect, text, action, effect) => expect(analyse(text, { dialect })).toMatchObject({ action, effect }));
});

describe('shapes of the argument', () => {
  test.each([
    ['a list of texts', ['select 1', 'select 2'], 'read'],
    ['a list with a worse one', ['select 1', 'drop table t'], 'delete'],
    ['an object', { sql: 'select 1', params: [] }, 'read'],
    ['an object with a worse text', { query: 'insert into t values (1)' }, 'write'],
    ['objects in a list', [{ sql: 'select 1' }, { sql: 'delete from t' }], 'delete'],
    ['an object without text', { a: 1 }, 'delete'],
    ['an empty list', [], 'delete'],
    ['a number', 5, 'delete'],
    ['nothing', null, 'delete'],
    ['a list that holds a number', ['select 1', 5], 'delete'],
  ])('%s', (_name, value, effect) => expect(analyse(value, { dialect: 'postgres' }).effect).toBe(effect));

  test.each(['postgres', 'PostgreSQL', 'pg', 'cockroachdb'])('%s is read by the parser of PostgreSQL', (dialect) => {
    expect(analyse('select $tag$ it is quoted $tag$', { dialect }).effect).toBe('read');
  });
});

describe('what a statement acts on', () => {
  test.each([
    ['mysql', 'drop table y, z', [['drop', ['y', 'z']]]],
    ['mysql', 'drop database shop', [['drop', ['shop']]]],
    ['mysql', 'truncate table orders', [['truncate', ['orders']]]],
    [undefined, 'insert into orders values (1)', [['insert', ['orders']]]],
    [
      'mysql',
      'insert into a values (1); delete from b',
      [
        ['delete-all-rows', ['b']],
        ['insert', ['a']],
      ],
    ],
  ] as const)('%s: %s', (dialect, text, acts) => {
    const found = analyse(text, dialect === undefined ? {} : { dialect }).acts ?? [];
    expect(found.map(({ action, objects = [] }) => [action, objects.map(({ name }) => name)])).toEqual(acts);
  });
});
