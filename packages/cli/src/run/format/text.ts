import type { Holder } from '@lifeguard/pool';
import type { Colours } from '../../terminal/colours.ts';
import { type Cell, layOutTable } from '../../terminal/table.ts';
import { cut, duration, grouped, millis, plural, textWidth, wrap } from '../../terminal/words.ts';
import type { Moment } from '../moments.ts';
import type { PoolSummary, RunIncident, RunSummary } from '../summary.ts';

const MOST_POOLS = 12;
const MOST_INCIDENTS = 8;
const MOST_EVIDENCE = 3;
const MOST_STATEMENTS = 3;
const SHORTEST_NAME = 12;
const INDENT = '    ';

/** For whoever has just ended it: how it went in a line, then figures, the worst of it, and what to do. */
export function renderText(summary: RunSummary, width: number, colours: Colours): string {
  const { pools, moments, incidents, statements } = summary;
  const title = (text: string) => colours.bold(text);
  return [
    head(summary, width, colours),
    ...(pools.length > 0 ? [poolTable(pools, width, colours)] : []),
    ...notes(summary).map((note) => wrap(note, width)),
    ...(moments.length > 0
      ? [[title('When most waited'), ...moments.map((one) => tellMoment(one, width))].join('\n')]
      : []),
    ...(incidents.length > 0 ? [tellIncidents(summary, width, colours)] : []),
    ...(statements.length > 0
      ? [
          [
            title('What the server’s time went to'),
            ...statements.slice(0, MOST_STATEMENTS).map(({ statement, ...one }) => {
              const figures = `${duration(one.totalMillis / 1_000)} in ${plural(one.executions, 'execution')}, ${millis(one.meanMillis)} each: `;
              return ` · ${figures}${cut(statement, Math.max(SHORTEST_NAME, width - 3 - textWidth(figures)))}`;
            }),
          ].join('\n'),
        ]
      : []),
  ].join('\n\n');
}

function head(summary: RunSummary, width: number, colours: Colours): string {
  const { program, seconds, end, processes, mode, pools } = summary;
  const how =
    end.kind === 'killed' ? `was ended by ${end.signal}` : `ended with exit code ${end.exitCode}`;
  const kind = mode === 'observe' ? 'pools only measured' : 'on Lifeguard’s pools';
  const watched =
    pools.length > 0
      ? `; ${plural(processes, 'Node.js process', 'Node.js processes')}, ${kind}`
      : '';
  const line = `${program} ran for ${duration(seconds)} and ${how}${watched}.`;
  return `${verdict(summary, colours)}\n${wrap(line, width).split('\n').map(colours.dim).join('\n')}`;
}

function verdict({ pools, incidents }: RunSummary, { bold, red, yellow, green }: Colours): string {
  if (pools.length === 0) return bold(yellow('No pool was seen'));
  const statements = sum(pools, ({ stats }) => stats.counts.statements);
  const refused = sum(pools, ({ refused: count }) => count);
  const waited = sum(pools, ({ stats }) => stats.counts.waited);
  const checkouts = sum(pools, ({ stats }) => stats.counts.checkouts);
  const of = `${[
    ...(statements > 0 || checkouts === 0 ? [plural(statements, 'statement')] : []),
    ...(checkouts > 0 ? [plural(checkouts, 'checkout')] : []),
  ].join(' and ')}; `;
  if (refused > 0) return bold(red(`${of}${plural(refused, 'caller')} waited in vain`));
  const waits = waited === 0 ? 'nobody waited' : `${plural(waited, 'caller')} waited`;
  if (incidents.length > 0) {
    return bold(yellow(`${of}${waits}; ${plural(incidents.length, 'problem')} to look at`));
  }
  return bold(green(`${of}${waits}; no problem was seen`));
}

function poolTable(pools: readonly PoolSummary[], width: number, colours: Colours): string {
  const shown = pools.slice(0, MOST_POOLS);
  const heading = ['pool', 'statements', 'open', 'waited', '99 %', 'longest', 'in vain', 'errors'];
  const rows = shown.map(({ stats, refused, failed }) => [
    grouped(stats.counts.statements),
    `${stats.connections.peak}/${stats.connections.max}`,
    grouped(stats.counts.waited),
    stats.wait.count === 0 ? '–' : millis(stats.wait.p99Millis),
    stats.wait.count === 0 ? '–' : millis(stats.wait.maxMillis),
    grouped(refused),
    grouped(failed),
  ]);
  const figures = [heading.slice(1), ...rows].map((row) => row.map((text) => ({ text })));
  const room = width - textWidth(layOutTable(figures, { left: [] }).split('\n')[0] ?? '') - 4;
  const name = (text: string): Cell => ({
    text: `  ${cut(text, Math.max(SHORTEST_NAME, room), 'middle')}`,
  });
  const table = layOutTable([
    heading.map((text, i) => ({ text: i === 0 ? `  ${text}` : text, colour: colours.dim })),
    ...rows.map((row, i) => {
      const { name: pool = '', refused = 0, failed = 0 } = shown[i] ?? {};
      const paint = [undefined, undefined, undefined, undefined, undefined, refused, failed];
      return [
        name(pool),
        ...row.map((text, column) => ({
          text,
          colour: (paint[column] ?? 0) > 0 ? colours.red : undefined,
        })),
      ];
    }),
  ]);
  const more = pools.length - shown.length;
  return more > 0 ? `${table}\n  and ${plural(more, 'pool')} more (--json)` : table;
}

function notes(summary: RunSummary): string[] {
  const { pools, unwatched, stillRunning } = summary;
  return [
    ...(pools.length === 0 ? [whyNoPool(summary)] : []),
    ...(unwatched > 0
      ? [
          `${plural(unwatched, 'pool')} more than are watched in one process: the application makes pools again and again, where one would do.`,
        ]
      : []),
    ...(stillRunning.length > 0
      ? [`Still running, watched no more: ${stillRunning.join(', ')}.`]
      : []),
  ];
}

function span(from: string, to: string): string {
  return from === to ? `at ${from}` : `${from} to ${to}`;
}

function whyNoPool({ processes, hasPg }: RunSummary): string {
  if (processes === 0) {
    return 'No Node.js process has reported. Either the command starts none, or it ended as soon as it began, or what it starts replaces NODE_OPTIONS, or its Node.js is older than 20.19.';
  }
  return hasPg
    ? 'pg was loaded, but none of its pools was made. Knex, Sequelize and MikroORM keep connections of pg in pools of their own, which are not watched here; `lifeguard watch` shows their connections as the server sees them.'
    : 'No pool of pg was made. It may be another driver (postgres.js, Prisma before 7), pg may be bundled into the application’s files, a script may replace NODE_OPTIONS, or nothing asked the database.';
}

function tellMoment(moment: Moment, width: number): string {
  const { pool, from, to, mostWaiting, waited, longestMillis, refused, used, max, holders } =
    moment;
  const facts = [
    ...(mostWaiting > 0 ? [`${plural(mostWaiting, 'caller')} waited at once`] : []),
    `${grouped(waited)} served after a wait${longestMillis > 0 ? `, the longest ${millis(longestMillis)}` : ''}`,
    ...(refused > 0 ? [`${grouped(refused)} in vain`] : []),
    ...(used > 0 ? [`${used} of ${plural(max, 'connection')} used`] : []),
  ];
  return [
    wrap(`${span(timeOf(from), timeOf(to))}, ${pool}: ${facts.join('; ')}`, width, ' · ', '   '),
    ...holders.map((holder) => wrap(tellHolder(holder), width, INDENT, `${INDENT}  `)),
  ].join('\n');
}

function tellHolder({ owner, heldMillis, idleMillis, inTransaction, site }: Holder): string {
  const idle =
    idleMillis >= heldMillis / 2 && idleMillis >= 1
      ? `, ${millis(idleMillis)} of it idle${inTransaction ? ' in its transaction' : ''}`
      : '';
  return `held by ${owner} for ${millis(heldMillis)}${idle}${site === undefined ? '' : ` (${site})`}`;
}

function tellIncidents({ incidents, mode }: RunSummary, width: number, colours: Colours): string {
  const more = incidents.length - MOST_INCIDENTS;
  return [
    colours.bold('What went wrong, causes first'),
    ...incidents
      .slice(0, MOST_INCIDENTS)
      .map((incident, i) => tellIncident(incident, i + 1, width, colours)),
    ...(more > 0 ? [`${plural(more, 'problem')} more (--json)`] : []),
    ...(mode === 'observe'
      ? [colours.dim(wrap('With --protect the same command runs on Lifeguard’s pools.', width))]
      : []),
  ].join('\n\n');
}

function tellIncident(
  incident: RunIncident,
  place: number,
  width: number,
  colours: Colours,
): string {
  const { severity, title, evidence, cause, remedy, count, firstSeen, pools } = incident;
  const paint = severity === 'critical' ? colours.red : colours.yellow;
  const [first, ...others] = pools;
  const where = `${first}${others.length > 0 ? ` and ${plural(others.length, 'pool')} more` : ''}`;
  const times = count > 1 ? `${grouped(count)} times, ` : '';
  return [
    wrap(
      `${colours.bold(paint(severity.toUpperCase()))}  ${colours.bold(title)}`,
      width,
      `${String(place).padStart(2)} `,
      INDENT,
    ),
    ...[
      ...evidence.slice(0, MOST_EVIDENCE),
      `${times}first at ${timeOf(Date.parse(firstSeen))}, in ${where}`,
    ].map((line) => wrap(line, width, `${INDENT}· `, `${INDENT}  `)),
    wrap(`Why: ${cause}`, width, INDENT),
    wrap(remedy, width, `${INDENT}→ `, `${INDENT}  `),
  ].join('\n');
}

/** `14:03:12`, as the clock on the wall has it. */
function timeOf(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
