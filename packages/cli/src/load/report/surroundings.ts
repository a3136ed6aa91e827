import { sparkline } from '../../explain/timeline.ts';
import { grouped, millis, plural, wrap } from '../../terminal/words.ts';
import type { DatabaseSamples, LoadResult, MonitorSamples, PoolSamples } from '../result/result.ts';
import { busyOf } from '../sample/looks.ts';
import type { ReportOptions } from './text.ts';

const WIDEST_CHART = 60;
const NAME_COLUMNS = 22;
const MOST_INCIDENTS = 3;

/** What the database and the application's pool did meanwhile, where they were looked at. */
export function surroundings(result: LoadResult, options: ReportOptions): string[] {
  return [
    ...(result.monitor ? monitorSections(result.monitor, options) : []),
    ...(result.database ? [databaseSection(result.database, options)] : []),
  ];
}

function databaseSection(database: DatabaseSamples, options: ReportOptions): string {
  const { colours } = options;
  const { where, states, waits, waitingForLocks, blockers, busiest, maxConnections } = database;
  const title = `${colours.bold('The database')} ${colours.dim(where)}`;
  if (database.at.length === 0) return `${title}\n  It could not be looked at.`;
  const shown = [
    ...Object.entries(states),
    ...(Math.max(...waitingForLocks) > 0
      ? [['waiting for locks', waitingForLocks] as const, ['holding them up', blockers] as const]
      : []),
  ];
  const most = Math.max(...shown.flatMap(([, counts]) => counts));
  const lines = shown.map(([name, counts]) => chart(name, counts, most, options));
  const facts = [
    ...(maxConnections === null ? [] : [`max_connections ${grouped(maxConnections)}`]),
    ...(busiest
      ? [
          `${busiest.application || 'a program without a name'} had up to ${plural(Math.max(...busiest.sessions), 'connection')}, ${Math.max(...busyOf(busiest))} of them at work at once`,
        ]
      : []),
    ...waitWords(waits),
  ];
  return [title, ...lines, wrap(facts.join('; '), options.width, '  ')].join('\n');
}

/** What active sessions waited for, if not for their own work or their client. */
function waitWords(waits: DatabaseSamples['waits']): string[] {
  const words = Object.entries(waits)
    .filter(([name]) => name !== 'Client')
    .map(([name, counts]) => [name, Math.max(...counts)] as const)
    .sort(([, a], [, b]) => b - a)
    .map(([name, most]) => `${name} ${most}`);
  return words.length === 0 ? [] : [`active ones waited for: ${words.join(', ')} at most`];
}

function monitorSections(
  { where, pools, incidents }: MonitorSamples,
  options: ReportOptions,
): string[] {
  const { colours, width } = options;
  const sections = pools.map((pool) => {
    const title = `${colours.bold(`The pool ${pool.name}`)} ${colours.dim(where)}`;
    return [title, ...poolLines(pool, options)].join('\n');
  });
  const told = incidents
    .slice(0, MOST_INCIDENTS)
    .map(({ title, remedy }) =>
      [wrap(title, width, '  · ', '    '), wrap(remedy, width, '    → ', '      ')].join('\n'),
    );
  if (told.length > 0) sections.push([colours.bold('What its monitor says'), ...told].join('\n'));
  return sections;
}

function poolLines(pool: PoolSamples, options: ReportOptions): string[] {
  if (pool.at.length === 0) return ['  It told nothing.'];
  const max = Math.max(...pool.max);
  const refused = pool.refused.reduce((sum, one) => sum + one, 0);
  const waits = pool.waitP99.filter((value) => value !== null);
  const full = pool.used.filter(
    (used, i) => used >= (pool.max[i] ?? Number.POSITIVE_INFINITY),
  ).length;
  return [
    chart(`used of ${max}`, pool.used, max, options),
    chart('callers waiting', pool.pending, Math.max(...pool.pending), options),
    wrap(
      [
        `all used in ${full} of ${plural(pool.at.length, 'look')}`,
        ...(waits.length > 0 ? [`waits up to ${millis(Math.max(...waits))} (p99)`] : []),
        ...(refused > 0 ? [`${plural(refused, 'caller')} refused`] : []),
      ].join('; '),
      options.width,
      '  ',
    ),
  ];
}

/** `  active       ▁▂▇█  up to 10`, one column for each look, or for several. */
function chart(
  name: string,
  values: readonly number[],
  most: number,
  { width }: ReportOptions,
): string {
  const columns = Math.min(WIDEST_CHART, values.length, width - NAME_COLUMNS - 14);
  const highest = Array.from({ length: columns }, (_, i) => {
    const from = Math.floor((i * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((i + 1) * values.length) / columns));
    return Math.max(...values.slice(from, to));
  });
  const peak = `up to ${grouped(Math.max(...values))}`;
  return `  ${name.padEnd(NAME_COLUMNS)}${sparkline(highest, most)}  ${peak}`;
}
