import type { ServerSnapshot, ServerStatement, SessionSnapshot } from '@lifeguard/monitor/server';
import type { Colours } from '../../terminal/colours.ts';
import { layOutTable } from '../../terminal/table.ts';
import { cut, duration, grouped, millis, upperFirst, wrap } from '../../terminal/words.ts';
import { applications, connections } from './connections.ts';
import { pidsOf, sessions, tree } from './sessions.ts';
import { type Told, timeOf } from './told.ts';

const MOST_STATEMENTS = 5;
const MOST_INCIDENTS = 3;
const SHORTEST_STATEMENT = 12;

/** How a server is at this moment, for a terminal. */
export function renderText(told: Told, width: number, colours: Colours): string {
  const { look, incidents, page } = told;
  const { server } = look;
  const inTree = new Set(server.blockers.flatMap(pidsOf));
  const others = (all: readonly SessionSnapshot[]) => all.filter(({ pid }) => !inTree.has(pid));
  const sections =
    server.problem === null
      ? [
          connections(told, width, colours),
          applications(server, colours),
          ...(incidents.length > 0 ? [problems(told, width, colours)] : []),
          ...tree(server, width, colours),
          ...sessions('Idle in transaction', others(server.idleInTransaction), width, colours),
          ...sessions('Running for long', others(server.longRunning), width, colours),
          ...statements(server, width, colours),
          ...notSeen(told, width, colours),
        ]
      : [];
  return [
    head(told, width, colours),
    ...sections,
    ...(page === undefined ? [] : [colours.dim(`dashboard: ${page}`)]),
  ].join('\n\n');
}

function head(told: Told, width: number, colours: Colours): string {
  const { where, at, look, incidents, intervalSeconds } = told;
  const { server, isBack } = look;
  const version = server.version === null ? '' : `, PostgreSQL ${server.version}`;
  const standby = server.isReplica ? ', a standby' : '';
  const line = `${where}${version}${standby}, at ${timeOf(at)}${intervalSeconds === undefined ? '' : `, every ${intervalSeconds} s`}`;
  const dim = wrap(line, width).split('\n').map(colours.dim).join('\n');
  const { bold, red, yellow, green } = colours;
  const [worst] = [...incidents].sort((a, b) => rank(a.severity) - rank(b.severity));
  if (server.problem !== null) {
    const since = server.at === null ? '' : `, last at ${timeOf(new Date(server.at))}`;
    const words = wrap(`It does not answer${since}: ${server.problem}. It is tried again.`, width);
    return `${bold(red(words))}\n${dim}`;
  }
  if (isBack) return `${bold(green('It answers again'))}\n${dim}`;
  if (!worst) return `${bold(green('Healthy'))}\n${dim}`;
  const paint = worst.severity === 'critical' ? red : yellow;
  return `${bold(paint(wrap(upperFirst(worst.title), width)))}\n${dim}`;
}

function rank(severity: string): number {
  return ['critical', 'warning', 'info'].indexOf(severity);
}

function problems({ incidents }: Told, width: number, colours: Colours): string {
  return [
    colours.bold('What to do'),
    ...incidents
      .slice(0, MOST_INCIDENTS)
      .flatMap(({ title, remedy }) => [
        wrap(upperFirst(title), width, ' · ', '   '),
        wrap(remedy, width, '   → ', '     '),
      ]),
  ].join('\n');
}

/** What the server gives instead of other users’ texts, in the monitor’s words. */
const HIDDEN = 'not seen';

function statements(
  { statements: all }: ServerSnapshot,
  width: number,
  colours: Colours,
): string[] {
  const seen = all?.filter(({ statement }) => statement !== HIDDEN) ?? [];
  if (!all || all.length === 0) return [];
  if (seen.length === 0) {
    const why =
      'Statements: only those of other users took time, and a member of pg_monitor sees them.';
    return [wrap(why, width).split('\n').map(colours.dim).join('\n')];
  }
  const figures = (one: ServerStatement) => [
    duration(one.totalMillis / 1_000),
    grouped(one.calls),
    millis(one.meanMillis),
  ];
  const rows = seen.slice(0, MOST_STATEMENTS);
  const room = width - 30;
  return [
    `${colours.bold('What the server’s time went to, since its counters began')}\n${layOutTable(
      [
        ['in all', 'times', 'each', 'statement'].map((text) => ({ text, colour: colours.dim })),
        ...rows.map((one) => [
          ...figures(one).map((text) => ({ text })),
          { text: cut(one.statement, Math.max(SHORTEST_STATEMENT, room)) },
        ]),
      ],
      { left: [3] },
    )}`,
  ];
}

function notSeen({ look, intervalSeconds }: Told, width: number, { dim }: Colours): string[] {
  const { notSeen: hidden, statementsMissing } = look.server;
  const lines = [
    ...(hidden.length > 0 ? [`Not seen: ${hidden.join('; ')}.`] : []),
    // Said once, it would take two lines of each look.
    ...(intervalSeconds === undefined && statementsMissing !== null
      ? [`Statements: ${statementsMissing}`]
      : []),
  ];
  return lines.map((line) => wrap(line, width).split('\n').map(dim).join('\n'));
}
