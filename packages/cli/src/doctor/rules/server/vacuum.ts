import { duration, grouped, plural, share } from '../../../terminal/words.ts';
import type { TableFact } from '../../server/facts.ts';
import { quotePath } from '../../sql/names.ts';
import { defineRule } from '../rule.ts';
import { firstOf, MOST_SHOWN } from '../tell.ts';

export const autovacuumOff = defineRule({
  id: 'autovacuum-off',
  source: 'server',
  finds: 'Autovacuum switched off, for the server or for a table.',
  why: 'Dead rows pile up, statistics grow stale and every statement takes longer; in the end the server stops against wraparound.',
  severities: ['warning'],
  needs: ['settings', 'tables'],
  thresholds: {},
  ignores: 'tables',
  find({ settings, tables }, _, isIgnored) {
    const off = tables.filter((table) => table.autovacuumOff && !isIgnored(table.name));
    if (settings.autovacuum && off.length === 0) return [];
    return [
      {
        severity: 'warning',
        title: settings.autovacuum
          ? `Autovacuum is off for ${plural(off.length, 'table')}`
          : 'Autovacuum is off',
        evidence: firstOf(off, ({ name, rows }) => `${name}: ${grouped(rows)} rows`, 'tables more'),
        subjects: off.map(({ name }) => name),
        remedies: [
          settings.autovacuum
            ? {
                title: 'Switch it on again',
                language: 'sql',
                code: off
                  .slice(0, 5)
                  .map(({ name }) => `ALTER TABLE ${quotePath(name)} RESET (autovacuum_enabled);`)
                  .join('\n'),
              }
            : {
                title: 'Switch it on again',
                language: 'sql',
                code: 'ALTER SYSTEM SET autovacuum = on;\nSELECT pg_reload_conf();',
              },
        ],
      },
    ];
  },
});

export const staleStatistics = defineRule({
  id: 'stale-statistics',
  source: 'server',
  finds: 'Large tables whose statistics are missing or older than most of their rows.',
  why: 'The planner guesses and picks plans that take a hundred times as long, each with a connection in hand.',
  severities: ['warning'],
  needs: ['tables'],
  thresholds: {
    rows: { value: 10_000, unit: 'rows', means: 'only tables with so many', source: 'ours' },
    changedPercent: {
      value: 50,
      unit: '%',
      means: 'changed since the last ANALYZE',
      source: 'ours: autovacuum analyzes at 10 %',
    },
    seconds: {
      value: 300,
      unit: 's',
      means:
        'since the last ANALYZE at least: a session counts its changes late, and autovacuum comes once a minute',
      source: 'ours',
    },
  },
  ignores: 'tables',
  find({ tables }, limits, isIgnored) {
    const stale = tables
      .filter((one) => one.rows >= limits.rows && !isIgnored(one.name) && isStale(one, limits))
      .sort((a, b) => b.rows - a.rows);
    if (stale.length === 0) return [];
    return [
      {
        severity: 'warning',
        title: `${plural(stale.length, 'large table has', 'large tables have')} stale statistics`,
        evidence: firstOf(stale, tellStale, 'tables more'),
        subjects: stale.map(({ name }) => name),
        remedies: [
          {
            title: 'Gather them now',
            language: 'sql',
            code: stale
              .slice(0, MOST_SHOWN)
              .map(({ name }) => `ANALYZE ${quotePath(name)};`)
              .join('\n'),
          },
        ],
      },
    ];
  },
});

function isStale(
  { rows, analyzedAgo, changedSinceAnalyze, sequentialScans }: TableFact,
  { changedPercent, seconds }: { changedPercent: number; seconds: number },
): boolean {
  // After a crash or a restore the counters are gone, and with them what was analyzed: something must have happened.
  if (analyzedAgo === null) return changedSinceAnalyze > 0 || sequentialScans > 0;
  return analyzedAgo >= seconds && (100 * changedSinceAnalyze) / rows >= changedPercent;
}

function tellStale({ name, rows, analyzedAgo, changedSinceAnalyze }: TableFact): string {
  const what =
    analyzedAgo === null
      ? 'never analyzed'
      : `${grouped(changedSinceAnalyze)} changed since it was analyzed ${duration(analyzedAgo)} ago`;
  return `${name}: ${grouped(rows)} rows, ${what}`;
}

export const bloat = defineRule({
  id: 'bloat',
  source: 'server',
  finds: 'Tables with many dead rows that were not cleared away.',
  why: 'Statements read through the dead to find the living, and hold their connections longer. Usually an old open transaction keeps VACUUM from removing them.',
  severities: ['warning'],
  needs: ['tables'],
  uses: ['sessions'],
  thresholds: {
    deadRows: { value: 10_000, unit: 'rows', means: 'dead at least', source: 'ours' },
    percent: {
      value: 40,
      unit: '%',
      means: 'of all rows dead',
      source: 'ours: autovacuum begins at 20 %',
    },
  },
  ignores: 'tables',
  find({ tables, sessions = [] }, { deadRows, percent }, isIgnored) {
    const bloated = tables
      .filter(
        (one) =>
          one.deadRows >= deadRows &&
          !isIgnored(one.name) &&
          (100 * one.deadRows) / (one.deadRows + one.rows) >= percent,
      )
      .sort((a, b) => b.deadRows - a.deadRows);
    if (bloated.length === 0) return [];
    const [oldest] = [...sessions].sort(
      (a, b) => (b.transactionFor ?? 0) - (a.transactionFor ?? 0),
    );
    return [
      {
        severity: 'warning',
        title: `${plural(bloated.length, 'table is', 'tables are')} full of dead rows`,
        evidence: [
          ...firstOf(
            bloated,
            (one) =>
              `${one.name}: ${grouped(one.deadRows)} dead rows, ${share(one.deadRows, one.deadRows + one.rows)}`,
            'tables more',
          ),
          ...(oldest?.transactionFor
            ? [
                `the oldest transaction, which may keep them: pid ${oldest.pid}, open for ${Math.round(oldest.transactionFor)} s`,
              ]
            : []),
        ],
        subjects: bloated.map(({ name }) => name),
        remedies: [
          {
            title: 'End old transactions first, then clear away and let autovacuum come earlier',
            language: 'sql',
            code: bloated
              .slice(0, 3)
              .map(
                ({ name }) =>
                  `VACUUM (ANALYZE) ${quotePath(name)};\nALTER TABLE ${quotePath(name)} SET (autovacuum_vacuum_scale_factor = 0.05);`,
              )
              .join('\n'),
          },
        ],
      },
    ];
  },
});
