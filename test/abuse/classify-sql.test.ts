/** SQL that tries to look like reading (CL-01 … CL-09), against the real parsers. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Analyse, analyserOf } from '../unit/analysers/support.ts';
import deletes from '../vectors/classify/sql/postgres-deletes.json' with { type: 'json' };
import reads from '../vectors/classify/sql/postgres-reads.json' with { type: 'json' };
import writes from '../vectors/classify/sql/postgres-writes.json' with { type: 'json' };

let analyse: Analyse;
beforeAll(async () => {
  analyse = await analyserOf('sql');
});

const dialect = 'postgres';
const harmful = [...writes, ...deletes];
const blank = fc.constantFrom(
  ' ',
  '\n',
  '\t',
  '\r\n',
  '/**/',
  '/* select */',
  '/* /* nested */ */',
  '-- x\n',
  ';',
  ';;',
  '\f',
);
const before = fc.array(blank, { maxLength: 6 }).map((parts) => parts.join(''));

describe('a write or lock is never called a read', () => {
  test('CL-01 whatever blanks and comments surround it', () => {
    fc.assert(
      fc.property(before, fc.constantFrom(...harmful), before, (head, text, tail) => {
        expect(analyse(`${head}${text}\n${tail}`, { dialect }).effect).not.toBe('read');
      }),
      { numRuns: 800 },
    );
  });

  test('CL-02 among reads, wherever it stands', () => {
    const read = fc.constantFrom(...reads.filter((text) => !/;|^\s*(begin|start|--)/i.test(text)));
    fc.assert(
      fc.property(
        fc.array(read, { maxLength: 3 }),
        fc.constantFrom(...harmful),
        fc.array(read, { maxLength: 3 }),
        (head, text, tail) => {
          expect(analyse([...head, text, ...tail].join(';\n'), { dialect }).effect).not.toBe('read');
        },
      ),
      { numRuns: 600 },
    );
  });

  test('CL-06 in any letter case', () => {
    fc.assert(
      fc.property(fc.constantFrom(...harmful), fc.infiniteStream(fc.boolean()), (text, upper) => {
        const cased = [...text]
          .map((char) => (/[a-z]/.test(char) && upper.next().value ? char.toUpperCase() : char))
          .join('');
        expect(analyse(cased, { dialect }).effect).not.toBe('read');
      }),
      { numRuns: 600 },
    );
  });

  test('CL-07 whichever dialect is claimed, and when none is', () => {
    for (const text of harmful)
      for (const claimed of ['postgres', 'mysql', 'sqlite', 'tsql', 'oracle', undefined])
        expect([text, analyse(text, claimed === undefined ? {} : { dialect: claimed }).effect]).not.toEqual([
          text,
          'read',
        ]);
  });

  test.each([
    ['CL-03 in a CTE', 'with x as (delete from t returning *) select * from x'],
    [
      'CL-03 in a CTE of a CTE',
      'with a as (with b as (update t set x = 1 where id = 1 returning *) select * from b) select * from a',
    ],
    [
      'CL-03 in a CTE of a subquery',
      'select * from (with x as (insert into t values (1) returning *) select * from x) y',
    ],
    ['CL-04 a lock in a subquery', 'select 1 where exists (select 1 from t for update)'],
    ['CL-04 a lock in a union', '(select 1 from t for update) union all select 2'],
    ['CL-05 a function in a default of a function', 'select coalesce(1, nextval($$s$$))'],
    ['CL-05 a function in an ORDER BY', 'select 1 from t order by setval($$s$$, 1)'],
    ['CL-05 a function in a LIMIT', 'select 1 limit nextval($$s$$)'],
    ['CL-05 a function in a FILTER', 'select count(*) filter (where pg_terminate_backend(1)) from t'],
    ['CL-05 a function in a window', 'select sum(a) over (order by nextval($$s$$)) from t'],
    ['CL-05 a function in a JOIN', 'select 1 from a join b on dblink_exec($$x$$, $$drop table t$$) is null'],
    ['CL-05 a function in a CASE', 'select case when a then lo_unlink(1) end from t'],
    ['CL-05 a function in VALUES', 'values (nextval($$s$$))'],
    ['CL-05 a function in a TABLESAMPLE', 'select * from t tablesample system (nextval($$s$$))'],
    ['CL-05 a function in JSON_TABLE', "select * from json_table(f(), '$' columns (a int path '$'))"],
    ['CL-05 a function in XMLTABLE', "select * from xmltable('/a' passing f() columns b text path 'b')"],
    ['CL-05 a function in GROUP BY', 'select 1 from t group by f(a)'],
    ['CL-05 a function in EXPLAIN', 'explain select f()'],
    ['CL-05 a quoted function', 'select "nextval"($$s$$)'],
    ['CL-05 another function of a known name', 'select public.lower($$x$$)'],
    ['CL-05 a quoted name in capitals', 'select "LOWER"($$x$$)'],
    ['CL-06 Unicode quoting', 'select U&"n\\0065xtval"($$s$$)'],
    ['CL-06 full-width letters', 'ＤＥＬＥＴＥ from t'],
    ['CL-06 NUL before the harm', 'select 1\0; drop table t'],
    ['CL-06 NUL after the harm', 'drop table t\0'],
    ['CL-06 a dollar quote that ends early', 'select $a$ x $a$; drop table t; --$a$'],
    ['CL-06 a string that ends early', "select E'a\\'; select 1; --'; drop table t"],
    ['CL-02 a byte order mark', '\ufeffdrop table t'],
    ['CL-09 another schema path', 'set search_path = evil; select 1'],
    ['CL-09 another role', 'set role postgres; select 1'],
  ])('%s', (_name, text) => {
    expect(analyse(text, { dialect }).effect).not.toBe('read');
    expect(analyse(text).effect).not.toBe('read');
  });
});

describe('whatever the text', () => {
  test('an answer comes, and what does not parse is a deletion', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.constantFrom('postgres', 'mysql', 'sqlite', 'tsql', 'other'),
        (text, claimed) => {
          const verdict = analyse(text, { dialect: claimed });
          expect(verdict.reasons.length).toBeGreaterThan(0);
          if (verdict.uninterpreted === true) expect(verdict.effect).toBe('delete');
        },
      ),
      { numRuns: 600 },
    );
  });

  test('CL-08 any JSON value has an answer', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(['read', 'write', 'delete']).toContain(analyse(value as never, { dialect }).effect);
      }),
      { numRuns: 300 },
    );
  });

  // Each would cost a parser seconds, its stack or its memory; afterwards it must still work.
  test.each<[string, string]>([
    ['operators in a row', `select 1${'+1'.repeat(45_000)}`],
    ['operators just below the limit', `select 1${'+1'.repeat(240)}`],
    ['parentheses', `select ${'('.repeat(30_000)}1${')'.repeat(30_000)}`],
    ['not not not', `select ${'not '.repeat(20_000)}true`],
    ['unions', `select 1${' union all select 1'.repeat(5_000)}`],
    ['casts', `select 1${'::int'.repeat(20_000)}`],
    ['is null is null', `select a${' is null'.repeat(12_000)}`],
    ['subscripts', `select a${'[1]'.repeat(20_000)}`],
    ['dots', `select a${'.a'.repeat(40_000)}`],
    ['nested selects', `select ${'(select '.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['nested calls', `select ${'lower('.repeat(12_000)}1${')'.repeat(12_000)}`],
    ['nested cases', `select ${'case when '.repeat(8_000)}1`],
    ['open comments', '/*'.repeat(45_000)],
    ['joined comments', '/**/'.repeat(25_000)],
    ['nested comments', `${'/* '.repeat(20_000)}${'*/ '.repeat(20_000)}select 1`],
    ['quotes', "'".repeat(90_000)],
    ['dollar tags', '$a$'.repeat(30_000)],
    ['brackets', '['.repeat(90_000)],
    ['brackets that close', `select ${'['.repeat(45_000)} ]`],
    ['brackets in a row', `select ${'[a]'.repeat(30_000)}`],
    ['statements', 'select 1;'.repeat(10_000)],
    ['conditions', `update t set a = 1 where ${Array(9_000).fill('a = 1').join(' or ')}`],
    ['a list', `select 1 where a in (${Array(40_000).fill('1').join(',')})`],
    ['one long string', `select '${'x'.repeat(99_000)}'`],
  ])('CL-24 %s end in time and leave the parsers working', (_name, text) => {
    const start = performance.now();
    for (const claimed of [undefined, 'postgres', 'mysql', 'sqlite', 'tsql'])
      analyse(text, claimed === undefined ? {} : { dialect: claimed });
    // Five parses on a loaded machine; the benchmark holds each to 50 ms.
    expect(performance.now() - start).toBeLessThan(2_000);
    for (const claimed of ['postgres', 'mysql', 'sqlite', 'tsql'])
      expect(analyse('select 1', { dialect: claimed }).effect).toBe('read');
  });
});
