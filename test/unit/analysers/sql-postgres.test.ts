import { beforeAll, describe, expect, test } from 'vitest';
import type { AnalyserVerdict, ArgumentAnalyser } from '../../../mcp-bridge/core/classify/analysers/ports.ts';
import { loadAnalysers } from '../../../mcp-bridge/parsers/load-analysers.ts';
import conditions from '../../vectors/classify/sql/conditions.json' with { type: 'json' };
import deletes from '../../vectors/classify/sql/postgres-deletes.json' with { type: 'json' };
import reads from '../../vectors/classify/sql/postgres-reads.json' with { type: 'json' };
import writes from '../../vectors/classify/sql/postgres-writes.json' with { type: 'json' };

let analyse: (text: string, dialect?: string) => AnalyserVerdict;
beforeAll(async () => {
  const sql = (await loadAnalysers()).sql as ArgumentAnalyser;
  analyse = (text, dialect = 'postgresql') =>
    sql(text, { toolName: 'query', argumentName: 'sql', arguments: {}, dialect });
});

describe('SQL for PostgreSQL', () => {
  test.each(reads)('reads: %s', (text) => expect(analyse(text).effect).toBe('read'));
  test.each(writes)('is a write: %s', (text) => expect(analyse(text).effect).toBe('write'));
  test.each(deletes)('is a deletion: %s', (text) => expect(analyse(text).effect).toBe('delete'));

  test.each(conditions.everyRow)('counts as no WHERE (DG-22): %s', (condition) => {
    expect(analyse(`update t set a = 1 where ${condition}`).action).toBe('update-all-rows');
    expect(analyse(`delete from t where ${condition}`).action).toBe('delete-all-rows');
  });
  test.each(conditions.someRows)('is a real WHERE: %s', (condition) => {
    expect(analyse(`update t set a = 1 where ${condition}`).action).toBe('update');
    expect(analyse(`delete from t where ${condition}`).action).toBe('delete-rows');
  });

  test('says what it saw, where it stands and what it names', () => {
    expect(analyse('select 1; delete from shop.orders')).toEqual({
      effect: 'delete',
      domain: 'database',
      action: 'delete-all-rows',
      reasons: ['The SQL deletes ALL rows of shop.orders (no WHERE).', 'The SQL only reads.'],
      objects: [{ kind: 'table', name: 'shop.orders' }],
      acts: [
        {
          effect: 'delete',
          action: 'delete-all-rows',
          everyRow: 'no-where',
          reason: 'The SQL deletes ALL rows of shop.orders (no WHERE).',
          objects: [{ kind: 'table', name: 'shop.orders' }],
        },
      ],
      marks: [{ start: 10, end: 33, reason: 'The SQL deletes ALL rows of shop.orders (no WHERE).' }],
    });
  });
  test('counts marks in UTF-16 units, not bytes', () => {
    const text = "select 'ä😀'; delete from t";
    const [mark] = analyse(text).marks ?? [];
    expect(text.slice(mark?.start, mark?.end)).toBe('delete from t');
  });
  test('what cannot be parsed says so', () => {
    expect(analyse('drop tabel t')).toEqual({
      effect: 'delete',
      domain: 'database',
      uninterpreted: true,
      reasons: ['The SQL could not be interpreted.'],
    });
  });
});

describe('SQL without a known dialect', () => {
  test.each(writes)('is at least a write: %s', (text) => expect(analyse(text, 'unheard-of').effect).not.toBe('read'));
  test.each(deletes)('is a deletion: %s', (text) => expect(analyse(text, 'unheard-of').effect).toBe('delete'));
  test('over-rates few ordinary reads', () => {
    const asked = reads.filter((text) => analyse(text, 'unheard-of').effect !== 'read');
    expect(asked.length / reads.length).toBeLessThanOrEqual(0.05);
  });
});
