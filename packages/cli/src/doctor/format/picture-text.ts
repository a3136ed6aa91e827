import type { Colours } from '../../terminal/colours.ts';
import { type Cell, layOutTable } from '../../terminal/table.ts';
import { cut, duration, wrap, wrapParts } from '../../terminal/words.ts';
import type { Picture, Share } from '../report/picture.ts';
import { tellPlan } from '../rules/configuration/plan-fits.ts';
import { bar } from './bar.ts';

/** More applications than these are one line. */
const MOST_SHARES = 8;

const GLYPHS = {
  active: '█',
  idleInTransaction: '▓',
  idle: '▒',
  unknown: '░',
  free: '·',
  reserved: '×',
};

/** Who has the connections: what is used, reserved, free and planned, and all limits. */
export function renderPicture(picture: Picture, width: number, colours: Colours): string {
  const { bold } = colours;
  const { max, reserved, usable, used, free } = picture;
  const lines = [
    `${bold('Connections:')} ${used} of ${usable} in use, ${free} free (max_connections ${max}, ${reserved} reserved)`,
    usage(picture, width, colours),
    ...plan(picture, width, colours),
    ...limits(picture, width, colours),
  ];
  return [...lines, ...shares(picture.shares, width, colours)].join('\n');
}

function usage(picture: Picture, width: number, colours: Colours): string {
  const { active, idle, idleInTransaction, unknown, free, reserved } = picture;
  const parts = [
    { name: 'active', size: active, glyph: GLYPHS.active, colour: colours.green },
    {
      name: 'idle in transaction',
      size: idleInTransaction,
      glyph: GLYPHS.idleInTransaction,
      colour: colours.red,
    },
    { name: 'idle', size: idle, glyph: GLYPHS.idle, colour: colours.cyan },
    { name: 'state not seen', size: unknown, glyph: GLYPHS.unknown, colour: colours.magenta },
    { name: 'free', size: free, glyph: GLYPHS.free, colour: colours.dim },
    { name: 'reserved', size: reserved, glyph: GLYPHS.reserved, colour: colours.yellow },
  ];
  const legend = parts
    .filter(({ size }) => size > 0)
    .map(({ name, size, glyph, colour }) => `${colour(glyph)} ${name} ${size}`);
  return `${bar(parts, width)}\n${wrapParts(legend, width)}`;
}

/** What the plan takes of what can be had, besides the others; an arrow where it goes beyond. */
function plan(
  { plan: planned, usable, pooler }: Picture,
  width: number,
  colours: Colours,
): string[] {
  if (!planned) return [];
  const { others, connections, wanted } = planned;
  const behind = pooler ? ', through the pooler' : `, beside ${others} of others`;
  const lines = [
    '',
    wrap(`${colours.bold('Plan:')} ${tellPlan(planned)}${behind}`, width, '', '      '),
  ];
  // Clients of a pooler are no connections of the server.
  if (pooler) return lines;
  const excess = wanted - usable;
  const parts = [
    { name: 'others', size: others, glyph: '▒', colour: colours.cyan },
    {
      name: 'plan',
      size: connections,
      glyph: '█',
      colour: excess > 0 ? colours.red : colours.green,
    },
    { name: 'left', size: Math.max(0, -excess), glyph: '·', colour: colours.dim },
  ];
  const legend = parts
    .filter(({ size }) => size > 0)
    .map(({ name, size, glyph, colour }) => `${colour(glyph)} ${name} ${size}`);
  if (excess <= 0) return [...lines, bar(parts, width), wrapParts(legend, width)];
  // The end of what there is, within what is wanted.
  const end = Math.min(width - 2, Math.max(1, Math.round((usable / wanted) * width)));
  const marker = `${' '.repeat(end - 1)}│ ${usable} is all there is`;
  const fits =
    marker.length <= width ? marker : `${`${usable} is all there is `.padStart(end - 1)}│`;
  return [...lines, bar(parts, width), colours.red(fits), wrapParts(legend, width)];
}

function limits({ roles, databases, pooler }: Picture, width: number, { bold }: Colours): string[] {
  const parts = [
    ...roles.map(({ name, used, limit }) => `role ${name} ${used} of ${limit}`),
    ...databases.map(({ name, used, limit }) => `database ${name} ${used} of ${limit}`),
    ...(pooler ? [tellPooler(pooler)] : []),
  ];
  if (parts.length === 0) return [];
  return ['', wrap(`${bold('Limits:')} ${parts.join(' · ')}`, width, '', '        ')];
}

function tellPooler({ version, mode, settings, pools }: NonNullable<Picture['pooler']>): string {
  const name = version ?? 'a pooler';
  const how = mode ? `, ${mode} mode` : '';
  if (!settings) return `${name}${how}, its limits not seen`;
  const waiting = (pools ?? []).reduce((sum, pool) => sum + pool.clientsWaiting, 0);
  const { poolSize, reservePoolSize, maxClients } = settings;
  const reserve = reservePoolSize > 0 ? ` + ${reservePoolSize}` : '';
  return `${name}${how}, ${poolSize}${reserve} for each database and user, ${maxClients} clients at most${waiting > 0 ? `, ${waiting} waiting` : ''}`;
}

/** What the figures of a line take, with the gaps between them. */
const FIGURES_WIDTH = 44;
/** Of what is left, the application's part; the rest is the user's. */
const APPLICATION_PART = 0.62;
const WIDEST_NAME = 40;

function shares(all: readonly Share[], width: number, { dim }: Colours): string[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, MOST_SHARES);
  const room = Math.max(16, width - FIGURES_WIDTH);
  const application = Math.min(WIDEST_NAME, Math.floor(room * APPLICATION_PART));
  const user = Math.min(WIDEST_NAME, room - application);
  // Who may not see the others' states sees of all of them nothing but that they are there.
  const isSeen = all.some((one) => one.active + one.idle + one.idleInTransaction > 0);
  const states = isSeen ? ['active', 'idle', 'idle in tx'] : [];
  const header = ['application', 'user', 'all', ...states, 'oldest'];
  const rows: Cell[][] = shown.map((share) => {
    const { total, active, idle, idleInTransaction, oldest } = share;
    const figures = isSeen ? [total, active, idle, idleInTransaction] : [total];
    return [
      { text: cut(share.application || '(no name)', application) },
      { text: cut(share.user ?? '', user) },
      ...figures.map((count) => ({ text: String(count) })),
      { text: oldest === null ? '?' : duration(oldest) },
    ];
  });
  const rest = all.slice(MOST_SHARES).reduce((sum, { total }) => sum + total, 0);
  const table = layOutTable([header.map((text) => ({ text, colour: dim })), ...rows], {
    left: [0, 1],
  });
  const more = dim(`and ${all.length - MOST_SHARES} more with ${rest}`);
  return ['', table, ...(rest > 0 ? [more] : [])];
}
