import { bytes, plural } from '../../../terminal/words.ts';
import type { Remedy } from '../../report/finding.ts';
import type { IndexFact } from '../../server/facts.ts';
import { quotePath } from '../../sql/names.ts';
import { defineRule } from '../rule.ts';
import { dropIndex, firstOf, MOST_SHOWN } from '../tell.ts';
import { servesKey } from './foreign-keys.ts';
import { familiesOf } from './index-families.ts';

const DAY = 86_400;

export const unusedIndex = defineRule({
  id: 'unused-index',
  source: 'server',
  finds:
    'Indexes that nothing has read since the statistics were reset. Not unique ones, those of constraints, and those that lead from a foreign key; not on a standby, whose reads the primary does not know; not when the statistics are young.',
  why: 'Every insert and update writes it, too: transactions hold their connections longer for nothing.',
  severities: ['info'],
  needs: ['indexes', 'identity'],
  uses: ['replication', 'foreignKeys'],
  thresholds: {
    bytes: {
      value: 10 * 1024 * 1024,
      unit: 'bytes',
      means: 'only those of this size',
      source: 'PgHero',
    },
    days: {
      value: 7,
      unit: 'days',
      means: 'the statistics must be so old',
      source: 'ours: a week has its weekly job',
    },
  },
  ignores: 'indexes',
  find({ indexes, identity, replication, foreignKeys = [] }, limits, isIgnored) {
    // Never reset is as old as the cluster, of which the server does not tell; it has run for at least so long.
    const age = identity.statsAge ?? identity.uptime;
    if (identity.isStandby || age < limits.days * DAY) return [];
    const leadsForKey = (index: IndexFact) =>
      foreignKeys.some(({ table, columns }) => servesKey(index, table, columns));
    const unused = familiesOf(indexes)
      .heads.filter(
        (one) =>
          one.scans === 0 &&
          !leadsForKey(one) &&
          !one.isUnique &&
          !one.isNeeded &&
          one.isValid &&
          one.bytes >= limits.bytes &&
          !isIgnored(one.name),
      )
      .sort((a, b) => b.bytes - a.bytes);
    if (unused.length === 0) return [];
    const total = unused.reduce((sum, one) => sum + one.bytes, 0);
    const hasReplicas = (replication?.replicas.length ?? 0) > 0;
    return [
      {
        severity: 'info',
        title: `${plural(unused.length, 'index', 'indexes')} (${bytes(total)}) that nothing has read in ${Math.floor(age / DAY)} days`,
        evidence: [
          ...firstOf(
            unused,
            ({ name, table, bytes: size }) => `${name} on ${table}: ${bytes(size)}`,
            'indexes more',
          ),
          ...(hasReplicas
            ? ['replicas count their own reads: look there before you drop one']
            : []),
        ],
        subjects: unused.map(({ name }) => name),
        remedies: [
          {
            title: hasReplicas ? 'Drop them, if no replica reads them either' : 'Drop them',
            language: 'sql',
            code: unused.slice(0, 5).map(dropIndex).join('\n'),
          },
        ],
      },
    ];
  },
});

export const invalidIndex = defineRule({
  id: 'invalid-index',
  source: 'server',
  finds: 'Indexes that a CREATE INDEX or REINDEX CONCURRENTLY left behind unfinished.',
  why: 'No statement may read it, and every write keeps it up. Whoever made it believes that it serves.',
  severities: ['warning'],
  needs: ['indexes'],
  thresholds: {},
  ignores: 'indexes',
  find({ indexes }, _, isIgnored) {
    // Of a partitioned table it is one that not all partitions have yet: no statement misses it there.
    const invalid = indexes.filter(
      ({ isValid, isPartitioned, name }) => !isValid && !isPartitioned && !isIgnored(name),
    );
    if (invalid.length === 0) return [];
    return [
      {
        severity: 'warning',
        title: `${plural(invalid.length, 'index is', 'indexes are')} unfinished, so that nothing can use ${invalid.length === 1 ? 'it' : 'them'}`,
        evidence: firstOf(invalid, ({ name, table }) => `${name} on ${table}`, 'indexes more'),
        subjects: invalid.map(({ name }) => name),
        remedies: [
          ...repair(
            'Build them anew',
            invalid.filter((one) => !one.isUnique && !isLeftover(one)),
            ({ name }) => `REINDEX INDEX CONCURRENTLY ${quotePath(name)};`,
          ),
          ...repair(
            'A unique one usually found rows that are equal: remove those, then build it anew (or drop it)',
            invalid.filter((one) => one.isUnique && !isLeftover(one)),
            ({ name }) => `REINDEX INDEX CONCURRENTLY ${quotePath(name)};`,
          ),
          ...repair(
            'Drop what a REINDEX CONCURRENTLY left behind: the index that it was to replace is in use',
            invalid.filter(isLeftover),
            dropIndex,
          ),
        ],
      },
    ];
  },
});

/** As REINDEX CONCURRENTLY names its own (PostgreSQL's documentation, REINDEX). */
function isLeftover({ name }: IndexFact): boolean {
  return /_cc(new|old)\d*$/.test(name);
}

function repair(
  title: string,
  indexes: readonly IndexFact[],
  how: (index: IndexFact) => string,
): Remedy[] {
  if (indexes.length === 0) return [];
  return [{ title, language: 'sql', code: indexes.slice(0, MOST_SHOWN).map(how).join('\n') }];
}
