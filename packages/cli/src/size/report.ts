import { jsonReport } from '../frame/json.ts';
import { pgbouncerIni } from '../pgbouncer/write/ini.ts';
import { SAFE_SHARE } from '../plan/plan.ts';
import type { Colours } from '../terminal/colours.ts';
import { layOutTable } from '../terminal/table.ts';
import { plural, wrap } from '../terminal/words.ts';
import { addressFor, environmentFor, type Place } from './address.ts';
import type { Situation, Sizing } from './recommend.ts';

const VERSION = 1;

/** Where a number of the reckoning comes from: given, read from the server, or taken for granted. */
export type Origin = 'given' | 'server' | 'assumed';

export interface SizeReport {
  readonly situation: Situation;
  readonly sizing: Sizing;
  readonly place: Place;
  readonly origins: Readonly<Record<'cores' | 'maxConnections' | 'others' | 'instances', Origin>>;
}

/** The sums, then what to set. */
export function renderText(report: SizeReport, width: number, colours: Colours): string {
  const { situation, sizing, place } = report;
  const { preset, instances } = situation;
  const block = (lines: readonly string[]) =>
    lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n');
  return [
    colours.bold(verdict(report)),
    layOutTable(
      sums(report).map(([what, value, how]) => [
        { text: `  ${what}` },
        { text: String(value), colour: colours.bold },
        { text: how, colour: colours.dim },
      ]),
      { left: [0, 2] },
    ),
    ...notes(report).map((note) => wrap(note, width)),
    `${colours.dim('URL')}\n${block([addressFor(place, sizing)])}`,
    `${colours.dim('Environment')}\n${block(environmentFor(place, sizing))}`,
    `${colours.dim('With Prisma 7’s own adapter, which ignores these parameters of the URL')}\n${block(stockAdapter(sizing))}`,
    ...(sizing.pooler
      ? [
          `${colours.dim('pgbouncer.ini')}\n${block(pgbouncerIni(place, sizing.pooler).trimEnd().split('\n'))}`,
        ]
      : []),
    colours.dim(
      wrap(
        `Reckoned for ${preset.title}, ${plural(instances, 'instance')}. Watch waits and use, and reckon anew when they change: lifeguard doctor.`,
        width,
      ),
    ),
  ].join('\n\n');
}

function verdict({ sizing, situation }: SizeReport): string {
  const { limit, pooler } = sizing;
  const each = situation.instances === 1 ? '' : ' for each instance';
  return pooler
    ? `connection_limit=${limit}${each}, through a PgBouncer with ${plural(pooler.poolSize, 'server connection')}.`
    : `connection_limit=${limit}${each}.`;
}

type Sum = readonly [what: string, value: number, how: string];

function sums({ situation, sizing, origins }: SizeReport): Sum[] {
  const { instances, overlap, cores, maxConnections, reserved, others } = situation;
  const { busy, ours, running, room, wanted, limit, pooler, total } = sizing;
  const usable = maxConnections - reserved;
  return [
    ['keep the server busy', busy, `2 × ${cores} cores + 1${from(origins.cores)}`],
    ['the server lets in', maxConnections, `max_connections${from(origins.maxConnections)}`],
    ['for applications', usable, `less ${reserved} reserved`],
    [
      'for this service',
      ours,
      `${SAFE_SHARE * 100} % of them, less ${others} of others${from(origins.others)}`,
    ],
    ['instances in a deploy', running, `${instances} × ${overlap}${from(origins.instances)}`],
    ['room for each', room, `${ours} / ${running}`],
    ['use for each', wanted, wantedHow(situation, busy)],
    ...(pooler
      ? ([
          ['of the pooler', pooler.poolSize, 'enough to keep the server busy'],
          ['in its reserve', pooler.reservePoolSize, 'when clients have waited for long'],
        ] satisfies Sum[])
      : []),
    ['connection_limit', limit, pooler ? 'to the pooler' : 'the smaller of both'],
    ['at worst on the server', total, `of ${ours} for this service`],
  ];
}

function wantedHow({ preset, instances }: Situation, busy: number): string {
  if (preset.isServerless) return 'one request at a time';
  const share = instances === 1 ? `${busy}` : `${busy} / ${instances}`;
  return `${share}, at least 3, at most ${preset.most}`;
}

function from(origin: Origin): string {
  return origin === 'server' ? ' (from the server)' : origin === 'assumed' ? ' (assumed)' : '';
}

function notes({ sizing, origins }: SizeReport): string[] {
  const assumed = [
    ...(origins.cores === 'assumed' ? ['--db-cores'] : []),
    ...(origins.maxConnections === 'assumed'
      ? ['--max-connections, or --url to ask the server']
      : []),
    ...(origins.instances === 'assumed' ? ['--instances'] : []),
  ];
  return [
    ...(sizing.poolerBecause === 'no room'
      ? [
          `Without a pooler there is room for ${sizing.room} for each instance, which is too few: one transaction, and nothing else goes on. So a PgBouncer is due.`,
        ]
      : []),
    ...(sizing.poolerBecause === 'serverless'
      ? [
          'Each copy of a function has connections of its own, and keeps them while it is frozen: only a pooler bounds them together.',
        ]
      : []),
    ...(assumed.length > 0 ? [`Some of this is assumed. Say ${assumed.join('; ')}.`] : []),
  ];
}

function stockAdapter({ limit, poolTimeoutSeconds }: Sizing): string[] {
  return [
    'new PrismaPg({',
    '  connectionString: process.env.DATABASE_URL,',
    `  max: ${limit},`,
    `  connectionTimeoutMillis: ${poolTimeoutSeconds * 1_000},`,
    '})',
  ];
}

/** For programs. */
export function renderJson({ situation, sizing, place, origins }: SizeReport): string {
  const { preset, ...rest } = situation;
  const { pooler, poolerBecause, ...numbers } = sizing;
  return jsonReport('size', VERSION, {
    situation: { preset: preset.title, ...rest, origins },
    sizing: { ...numbers, pooler: pooler ?? null, poolerBecause: poolerBecause ?? null },
    url: addressFor(place, sizing),
    environment: environmentFor(place, sizing),
    pgbouncerIni: pooler ? pgbouncerIni(place, pooler) : null,
  });
}
