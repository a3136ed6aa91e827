import type { ServerSnapshot } from '@lifeguard/monitor/server';
import { bar } from '../../doctor/format/bar.ts';
import type { Colours } from '../../terminal/colours.ts';
import { layOutTable } from '../../terminal/table.ts';
import { cut, grouped, plural, wrap, wrapParts } from '../../terminal/words.ts';
import type { Told } from './told.ts';

const MOST_APPLICATIONS = 8;
const WIDEST_NAME = 40;

const STATES = [
  { state: 'active', glyph: '█' },
  { state: 'idle in transaction', glyph: '▓' },
  { state: 'idle', glyph: '▒' },
  { state: 'other', glyph: '▚' },
  { state: 'not seen', glyph: '░' },
] as const;

/** What is used of what there is, as a line and a bar. */
export function connections({ look }: Told, width: number, colours: Colours): string {
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

/** Whose they are. */
export function applications(
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
