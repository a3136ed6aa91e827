import { grouped, plural } from '../../../terminal/words.ts';
import type { ForeignKeyFact, IndexFact } from '../../server/facts.ts';
import { quoteName, quotePath } from '../../sql/names.ts';
import { defineRule } from '../rule.ts';
import { firstOf } from '../tell.ts';

/** Of one table, to paste. */
const MOST_PARTITIONS = 5;

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
          tablesWithout(key, indexes).length > 0,
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
          ({ table, columns, references, rows: count, partitions }) =>
            `${table} (${columns.join(', ')}) → ${references}: ${grouped(count)} rows${partitions.length > 0 ? ` in ${plural(partitions.length, 'partition')}` : ''}`,
          'keys more',
        ),
        subjects: unindexed.map(({ table, columns }) => `${table} (${columns.join(', ')})`),
        remedies: [
          {
            title: 'Index them, without stopping writers (one at a time, outside a transaction)',
            language: 'sql',
            code: unindexed
              .slice(0, 5)
              .map((key) => indexFor(key, indexes))
              .join('\n'),
          },
        ],
      },
    ];
  },
});

/** Where the key's rows are and no index leads to them. */
function tablesWithout(key: ForeignKeyFact, indexes: readonly IndexFact[]): readonly string[] {
  const tables = key.partitions.length > 0 ? key.partitions : [key.table];
  return tables.filter((table) => !indexes.some((index) => servesKey(index, table, key.columns)));
}

/**
 * A partitioned table can't be indexed concurrently, its partitions can; the table's own index then takes
 * theirs over without building anything (PostgreSQL's documentation, CREATE INDEX).
 */
function indexFor(key: ForeignKeyFact, indexes: readonly IndexFact[]): string {
  const columns = `(${key.columns.map(quoteName).join(', ')})`;
  const tables = tablesWithout(key, indexes);
  const lines = tables
    .slice(0, MOST_PARTITIONS)
    .map((table) => `CREATE INDEX CONCURRENTLY ON ${quotePath(table)} ${columns};`);
  if (key.partitions.length === 0) return lines.join('\n');
  const whole = `CREATE INDEX ON ${quotePath(key.table)} ${columns};`;
  const rest = tables.length - MOST_PARTITIONS;
  // Run too early, it would build what is missing with all writers stopped.
  lines.push(
    rest > 0 ? `-- and so for ${plural(rest, 'partition')} more; only then\n-- ${whole}` : whole,
  );
  return lines.join('\n');
}

/** Whether an index's first columns are the key's, in any order. One for non-null rows only serves as well. */
export function servesKey(index: IndexFact, table: string, columns: readonly string[]): boolean {
  if (index.table !== table || !index.isValid) return false;
  if (index.isPartial && !columns.some((column) => column === index.notNullColumn)) return false;
  const first = new Set(index.columns.slice(0, columns.length));
  return columns.every((column) => first.has(column));
}
