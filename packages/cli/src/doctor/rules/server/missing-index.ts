import { bytes, grouped, share } from '../../../terminal/words.ts';
import type { TableFact } from '../../server/facts.ts';
import { quotePath } from '../../sql/names.ts';
import { planOf } from '../../sql/plan-of.ts';
import { defineRule } from '../rule.ts';
import { firstOf } from '../tell.ts';
import { isQuery } from './statements.ts';

export const missingIndex = defineRule({
  id: 'missing-index',
  source: 'server',
  finds: 'Large tables that are read from end to end again and again.',
  why: 'Such a read takes a connection for as long as the table is large. It is the usual reason why a pool that was big enough last year is too small today.',
  severities: ['warning'],
  needs: ['tables'],
  uses: ['statements', 'identity'],
  thresholds: {
    rows: { value: 10_000, unit: 'rows', means: 'only tables with so many', source: 'PgHero' },
    indexPercent: { value: 95, unit: '%', means: 'of reads by index are well', source: 'PgHero' },
    scans: {
      value: 50,
      unit: 'times',
      means: 'read from end to end at least so often',
      source: 'ours: few are no problem',
    },
    perDay: {
      value: 2,
      unit: 'times',
      means: 'a day at least, since the statistics were reset',
      source: 'ours: a nightly job or two are no problem',
    },
  },
  ignores: 'tables',
  find({ tables, statements, identity }, { rows, indexPercent, scans, perDay }, isIgnored) {
    // Never reset, the counters are at least as old as the server has run.
    const days = (identity?.statsAge ?? identity?.uptime ?? 0) / 86_400;
    const often = Math.max(scans, days * perDay);
    const unindexed = tables
      .filter((table) => !isIgnored(table.name) && isReadThrough(table, rows, indexPercent, often))
      .sort((a, b) => b.sequentialRows - a.sequentialRows);
    const [worst] = unindexed;
    if (!worst) return [];
    const reading =
      statements?.kind === 'seen'
        ? statements.statements.filter((one) => isQuery(one) && mentions(one.text, worst.name))
        : [];
    const [slowest] = reading;
    return [
      {
        severity: 'warning',
        title:
          unindexed.length === 1
            ? `${worst.name} (${grouped(worst.rows)} rows) is read from end to end: an index is missing`
            : `${unindexed.length} large tables are read from end to end, ${worst.name} most: indexes are missing`,
        evidence: [
          ...firstOf(unindexed, tell, 'tables more'),
          ...reading
            .slice(0, 2)
            .map(
              ({ text, meanMillis }) =>
                `reads ${worst.name}, ${meanMillis.toFixed(0)} ms on average: ${text.slice(0, 120)}`,
            ),
        ],
        subjects: unindexed.map(({ name }) => name),
        remedies: [
          slowest
            ? planOf(slowest, identity?.versionNumber ?? 0)
            : {
                title: `Find the statement: look for “Seq Scan on ${nameOnly(worst.name)}” and its Filter`,
                language: 'sql',
                code: `EXPLAIN (ANALYZE, BUFFERS) SELECT … FROM ${quotePath(worst.name)} WHERE …;`,
              },
          {
            title: 'Index the column of the filter, without stopping writers',
            language: 'sql',
            code: `CREATE INDEX CONCURRENTLY ON ${quotePath(worst.name)} (…);`,
          },
        ],
      },
    ];
  },
});

function isReadThrough(
  table: TableFact,
  rows: number,
  indexPercent: number,
  scans: number,
): boolean {
  if (table.rows < rows || table.sequentialScans < scans) return false;
  const reads = table.sequentialScans + (table.indexScans ?? 0);
  // Many scans that stop after a few rows (LIMIT, EXISTS) read nothing through.
  const readsThrough = table.sequentialRows / table.sequentialScans >= rows / 2;
  return readsThrough && (100 * (table.indexScans ?? 0)) / reads < indexPercent;
}

function tell({
  name,
  rows,
  bytes: size,
  sequentialScans,
  sequentialRows,
  indexScans,
}: TableFact): string {
  const byIndex = share(indexScans ?? 0, sequentialScans + (indexScans ?? 0));
  const large = size > 0 ? `, ${bytes(size)}` : '';
  return `${name}: ${grouped(rows)} rows${large}; read through ${grouped(sequentialScans)} times, ${grouped(sequentialRows / sequentialScans)} rows each; by index: ${byIndex}`;
}

function nameOnly(path: string): string {
  return path.slice(path.indexOf('.') + 1);
}

function mentions(text: string, table: string): boolean {
  const escaped = nameOnly(table).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(^|[\\s."])${escaped}($|[\\s",;)])`).test(text);
}
