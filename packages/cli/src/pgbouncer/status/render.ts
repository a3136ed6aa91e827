import { jsonReport } from '../../frame/json.ts';
import type { Colours } from '../../terminal/colours.ts';
import { layOutTable } from '../../terminal/table.ts';
import { bytes, duration, grouped, millis, plural, wrap } from '../../terminal/words.ts';
import { type PoolerFinding, renderFinding } from '../finding.ts';
import type { PoolerStatus } from './facts.ts';

const VERSION = 1;

export interface StatusReport {
  /** `127.0.0.1:6432`. */
  readonly where: string;
  readonly status: PoolerStatus;
  readonly findings: readonly PoolerFinding[];
}

/** A verdict, the pools and what goes through them, then what it means. */
export function renderText(
  { where, status, findings }: StatusReport,
  width: number,
  colours: Colours,
): string {
  const { version, settings, clients } = status;
  const head = `${version} at ${where}, ${settings.mode} mode, ${clients} of ${grouped(settings.maxClients)} clients`;
  return [
    `${verdict(findings, colours)}\n${wrap(head, width).split('\n').map(colours.dim).join('\n')}`,
    poolTable(status, colours),
    trafficTable(status, colours),
    ...findings.map((finding) => renderFinding(finding, width, colours)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function verdict(
  findings: readonly PoolerFinding[],
  { bold, red, yellow, green }: Colours,
): string {
  const [worst] = findings;
  if (!worst || worst.severity === 'info') return bold(green('WELL  nobody waits for long'));
  const paint = worst.severity === 'critical' ? red : yellow;
  return bold(paint(worst.title));
}

function poolTable({ pools }: PoolerStatus, { dim, red }: Colours): string {
  if (pools.length === 0) return 'No pool yet: no client has asked for a connection.';
  return layOutTable([
    ['pool', 'clients', 'waiting', 'longest', 'at work', 'idle', 'size'].map((text) => ({
      text,
      colour: dim,
    })),
    ...pools.map((pool) => [
      { text: `${pool.database}/${pool.user}` },
      { text: grouped(pool.clientsActive + pool.clientsWaiting) },
      { text: grouped(pool.clientsWaiting), colour: pool.clientsWaiting > 0 ? red : undefined },
      { text: pool.clientsWaiting > 0 ? duration(pool.longestWait) : '–' },
      { text: grouped(pool.serversUsed) },
      { text: grouped(pool.serversIdle) },
      { text: grouped(pool.size) },
    ]),
  ]);
}

function trafficTable({ traffic, config }: PoolerStatus, { dim }: Colours): string {
  const busy = traffic.filter(({ queries }) => queries > 0);
  if (busy.length === 0) return '';
  const period = Number(config.get('stats_period') ?? 60);
  const table = layOutTable([
    ['a second', 'transactions', 'each', 'queries', 'each', 'in', 'out'].map((text) => ({
      text,
      colour: dim,
    })),
    ...busy.map((one) => [
      { text: one.database },
      { text: grouped(one.transactionsPerSecond) },
      { text: millis(one.transactionMillis) },
      { text: grouped(one.queriesPerSecond) },
      { text: millis(one.queryMillis) },
      { text: bytes(one.bytesInPerSecond) },
      { text: bytes(one.bytesOutPerSecond) },
    ]),
  ]);
  return `${table}\n${dim(`over the last ${plural(period, 'second')} that were counted`)}`;
}

/** For programs. */
export function renderJson({ where, status, findings }: StatusReport): string {
  const { version, settings, clients, pools, traffic, databases } = status;
  return jsonReport('pgbouncer status', VERSION, {
    where,
    pooler: version,
    settings,
    clients,
    pools,
    traffic,
    databases,
    findings,
  });
}
