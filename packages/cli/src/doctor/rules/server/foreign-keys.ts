import { grouped, plural } from '../../../terminal/words.ts';
import type { ForeignKeyFact, IndexFact } from '../../server/facts.ts';
import { quoteName, quotePath } from '../../sql/names.ts';
import { defineRule } from '../rule.ts';
import { firstOf } from '../tell.ts';

export const unindexedForeignKey = defineRule({
  id: 'unindexed-foreign-key',
  source: 'server',
  finds: 'Foreign keys without an index on their columns.',
  why: 'Every delete or key update of the other table reads this one from end to end, holding its row locks and its connection; so does every relation that Prisma loads by it.',
  severities: ['warning', 'info'],
  needs: ['foreignKeys', 'indexes'],
  thresholds: {
    rows: {
      value: 10_000,
      unit: 'rows',
      means: 'a warning for tables with so many; smaller ones are worth knowing',
      source: 'PgHero, for tables that need indexes',
    },
    atLeastRows: {
      value: 1_000,
      unit: 'rows',
      means: 'nothing is said of tables with fewer',
      source: 'ours: read in one go',
    },
  },
  ignores: 'tables',
  find({ foreignKeys, indexes }, { rows, atLeastRows }, isIgnored) {
    const unindexed = foreignKeys
      .filter(
        (key) =>
          key.rows >= atLeastRows &&
          !isIgnored(key.table) &&
          !indexes.some((index) => serves(index, key)),
      )
      .sort((a, b) => b.rows - a.rows);
    const [largest] = unindexed;
    if (!largest) return [];
    return [
      {
        severity: largest.rows >= rows ? 'warning' : 'info',
        title: `${plural(unindexed.length, 'foreign key')} without an index, the largest on ${largest.table} (${grouped(largest.rows)} rows)`,
        evidence: firstOf(
          unindexed,
          ({ table, columns, references, rows: count }) =>
            `${table} (${columns.join(', ')}) → ${references}: ${grouped(count)} rows`,
          'keys more',
        ),
        subjects: unindexed.map(({ table, columns }) => `${table} (${columns.join(', ')})`),
        remedies: [
          {
            title: 'Index them, without stopping writers (one at a time, outside a transaction)',
            language: 'sql',
            code: unindexed
              .slice(0, 5)
              .map(
                ({ table, columns }) =>
                  `CREATE INDEX CONCURRENTLY ON ${quotePath(table)} (${columns.map(quoteName).join(', ')});`,
              )
              .join('\n'),
          },
        ],
      },
    ];
  },
});

/** An index whose first columns are the key's, in any order. One for non-null rows only serves as well. */
function serves(index: IndexFact, { table, columns }: ForeignKeyFact): boolean {
  if (index.table !== table || !index.isValid) return false;
  if (index.isPartial && !columns.some((column) => column === index.notNullColumn)) return false;
  const first = new Set(index.columns.slice(0, columns.length));
  return columns.every((column) => first.has(column));
}
