import { bytes, plural } from '../../../terminal/words.ts';
import { quotePath } from '../../sql/names.ts';
import { defineRule } from '../rule.ts';
import { firstOf } from '../tell.ts';

const DAY = 86_400;

export const unusedIndex = defineRule({
  id: 'unused-index',
  source: 'server',
  finds:
    'Indexes that nothing has read since the statistics were reset. Not unique ones and those of constraints; not on a standby, whose reads the primary does not know; not when the statistics are young.',
  why: 'Every insert and update writes it, too: transactions hold their connections longer for nothing.',
  severities: ['info'],
  needs: ['indexes', 'identity'],
  uses: ['replication'],
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
  find({ indexes, identity, replication }, limits, isIgnored) {
    // Never reset is as old as the cluster, of which the server does not tell; it has run for at least so long.
    const age = identity.statsAge ?? identity.uptime;
    if (identity.isStandby || age < limits.days * DAY) return [];
    const unused = indexes
      .filter(
        (one) =>
          one.scans === 0 &&
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
            code: unused
              .slice(0, 5)
              .map(({ name }) => `DROP INDEX CONCURRENTLY ${quotePath(name)};`)
              .join('\n'),
          },
        ],
      },
    ];
  },
});

export const invalidIndex = defineRule({
  id: 'invalid-index',
  source: 'server',
  finds: 'Indexes that a CREATE INDEX CONCURRENTLY left behind unfinished.',
  why: 'No statement may read it, and every write keeps it up. Whoever made it believes that it serves.',
  severities: ['warning'],
  needs: ['indexes'],
  thresholds: {},
  ignores: 'indexes',
  find({ indexes }, _, isIgnored) {
    const invalid = indexes.filter(({ isValid, name }) => !isValid && !isIgnored(name));
    if (invalid.length === 0) return [];
    return [
      {
        severity: 'warning',
        title: `${plural(invalid.length, 'index is', 'indexes are')} unfinished, so that nothing can use ${invalid.length === 1 ? 'it' : 'them'}`,
        evidence: firstOf(invalid, ({ name, table }) => `${name} on ${table}`, 'indexes more'),
        subjects: invalid.map(({ name }) => name),
        remedies: [
          {
            title: 'Build them anew',
            language: 'sql',
            code: invalid
              .slice(0, 5)
              .map(({ name }) => `REINDEX INDEX CONCURRENTLY ${quotePath(name)};`)
              .join('\n'),
          },
        ],
      },
    ];
  },
});
