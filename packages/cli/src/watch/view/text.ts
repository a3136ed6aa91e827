import type {
  BlockerSnapshot,
  ServerSnapshot,
  ServerStatement,
  SessionSnapshot,
} from '@lifeguard/monitor/server';
import { bar } from '../../doctor/format/bar.ts';
import type { Colours } from '../../terminal/colours.ts';
import { layOutTable } from '../../terminal/table.ts';
import {
  cut,
  duration,
  grouped,
  millis,
  plural,
  textWidth,
  wrap,
  wrapParts,
} from '../../terminal/words.ts';
import { type Told, timeOf } from './told.ts';

const MOST_APPLICATIONS = 8;
const MOST_SESSIONS = 5;
const MOST_BLOCKED = 12;
const MOST_STATEMENTS = 5;
const MOST_INCIDENTS = 3;
const WIDEST_NAME = 40;
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
  return `${bold(paint(wrap(capital(worst.title), width)))}\n${dim}`;
}

function rank(severity: string): number {
  return ['critical', 'warning', 'info'].indexOf(severity);
}

const STATES = [
  { state: 'active', glyph: '█' },
  { state: 'idle in transaction', glyph: '▓' },
  { state: 'idle', glyph: '▒' },
  { state: 'other', glyph: '▚' },
  { state: 'not seen', glyph: '░' },
] as const;

function connections({ look }: Told, width: number, colours: Colours): string {
  const { connections: all } = look.server;
  const { used, max, reserved, roleLimit, databaseLimit } = all;
  const paint = {
    active: colours.green,
    'idle in transaction': colours.red,
    idle: colours.cyan,
    other: colours.blue,
    'not seen': colours.magenta,
  };
  const counts = countStates(look.server);
  const free = max === null ? 0 : Math.max(0, max - used);
  const parts = [
    ...STATES.map(({ state, glyph }) => ({
      name: state as string,
      size: counts[state],
      glyph: glyph as string,
      colour: paint[state],
    })),
    { name: 'free', size: free, glyph: '·', colour: colours.dim },
    { name: 'reserved', size: reserved ?? 0, glyph: '×', colour: colours.yellow },
  ];
  const rate =
    look.transactionsPerSecond === null
      ? ''
      : `; ${plural(Math.round(look.transactionsPerSecond), 'transaction')} a second`;
  const limits = [
    ...(roleLimit === null ? [] : [`this role may have ${roleLimit}`]),
    ...(databaseLimit === null ? [] : [`this database ${databaseLimit}`]),
  ].map((text) => `; ${text}`);
  return [
    wrap(
      `${colours.bold('Connections:')} ${used}${max === null ? '' : ` of ${max}`} in use${max === null ? '' : `, ${free} free`}${limits.join('')}${rate}`,
      width,
    ),
    bar(parts, width),
    wrapParts(
      parts
        .filter(({ size }) => size > 0)
        .map(({ name, size, glyph, colour }) => `${colour(glyph)} ${name} ${size}`),
      width,
    ),
  ].join('\n');
}

/** With ours, which is at work while it asks. */
function countStates({ connections: { byState, used } }: ServerSnapshot) {
  const counts = { active: 0, 'idle in transaction': 0, idle: 0, other: 0, 'not seen': 0 };
  let known = 0;
  for (const [state, count] of Object.entries(byState)) {
    known += count;
    if (state.startsWith('idle in transaction')) counts['idle in transaction'] += count;
    else if (state in counts) counts[state as keyof typeof counts] += count;
    else counts.other += count;
  }
  counts.active += Math.max(0, used - known);
  return counts;
}

function applications(
  { connections: { byApplication } }: ServerSnapshot,
  { dim, red }: Colours,
): string {
  if (byApplication.length === 0) return dim('Nobody else is connected.');
  const shown = byApplication.slice(0, MOST_APPLICATIONS);
  const rest = byApplication.slice(MOST_APPLICATIONS);
  const table = layOutTable([
    ['application', 'all', 'active', 'idle', 'idle in tx'].map((text) => ({ text, colour: dim })),
    ...shown.map(({ application, total, active, idle, idleInTransaction }) => [
      { text: cut(application, WIDEST_NAME) },
      { text: grouped(total) },
      { text: grouped(active) },
      { text: grouped(idle) },
      { text: grouped(idleInTransaction), colour: idleInTransaction > 0 ? red : undefined },
    ]),
  ]);
  const others = rest.reduce((sum, { total }) => sum + total, 0);
  return rest.length === 0 ? table : `${table}\n${dim(`and ${rest.length} more with ${others}`)}`;
}

function problems({ incidents }: Told, width: number, colours: Colours): string {
  return [
    colours.bold('What to do'),
    ...incidents
      .slice(0, MOST_INCIDENTS)
      .flatMap(({ title, remedy }) => [
        wrap(capital(title), width, ' · ', '   '),
        wrap(remedy, width, '   → ', '     '),
      ]),
  ].join('\n');
}

function tree({ blockers }: ServerSnapshot, width: number, colours: Colours): string[] {
  if (blockers.length === 0) return [];
  const lines = blockers.flatMap((root) => branch(root, 0, width));
  const more = lines.length - MOST_BLOCKED;
  return [
    [
      colours.bold('Who holds up others'),
      ...lines.slice(0, MOST_BLOCKED),
      ...(more > 0 ? [`   and ${more} more`] : []),
    ].join('\n'),
  ];
}

function branch({ pid, session, blocks }: BlockerSnapshot, depth: number, width: number): string[] {
  const mark = depth === 0 ? ' ' : ` ${'   '.repeat(depth - 1)}└─ `;
  return [
    cut(`${mark}${describe(pid, session)}`, width),
    ...blocks.flatMap((one) => branch(one, depth + 1, width)),
  ];
}

function pidsOf({ pid, blocks }: BlockerSnapshot): number[] {
  return [pid, ...blocks.flatMap(pidsOf)];
}

function describe(pid: number, session: SessionSnapshot | null): string {
  if (!session) return pid === 0 ? 'a prepared transaction' : `${pid}, not seen`;
  const { application, role, state, stateMillis, waitsFor, statement } = session;
  const since = stateMillis === null ? '' : ` for ${duration(stateMillis / 1_000)}`;
  const doing = waitsFor?.startsWith('Lock') ? `waits${since}` : `${state ?? 'not seen'}${since}`;
  return `${pid} ${application ?? role ?? ''}, ${doing}${statement === null ? '' : `: ${statement}`}`;
}

function sessions(
  title: string,
  all: readonly SessionSnapshot[],
  width: number,
  colours: Colours,
): string[] {
  if (all.length === 0) return [];
  const more = all.length - MOST_SESSIONS;
  return [
    [
      colours.bold(title),
      ...all.slice(0, MOST_SESSIONS).map((one) => {
        const head = ` ${one.pid} ${one.application ?? one.role ?? ''} ${one.stateMillis === null ? '' : duration(one.stateMillis / 1_000)}: `;
        return (
          head +
          cut(one.statement ?? 'not seen', Math.max(SHORTEST_STATEMENT, width - textWidth(head)))
        );
      }),
      ...(more > 0 ? [` and ${more} more`] : []),
    ].join('\n'),
  ];
}

function statements(
  { statements: all }: ServerSnapshot,
  width: number,
  colours: Colours,
): string[] {
  if (!all || all.length === 0) return [];
  const figures = (one: ServerStatement) => [
    duration(one.totalMillis / 1_000),
    grouped(one.calls),
    millis(one.meanMillis),
  ];
  const rows = all.slice(0, MOST_STATEMENTS);
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
