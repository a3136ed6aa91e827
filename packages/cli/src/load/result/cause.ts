import { plural } from '../../terminal/words.ts';
import { busyOf } from '../sample/looks.ts';
import type { DatabaseSamples, MonitorSamples, Phase, PoolSamples } from './result.ts';

/** Below this a cause is not named: anybody's pool is taken for a moment. */
const NAMED_FROM = 2;
/** Of max_connections: a look seldom meets the very moment at which the last was taken. */
const FULL_FROM = 0.97;
/** Of the application's connections, on average: the time is not spent in the database. */
const LITTLE_TO_DO = 0.2;

interface Seen {
  readonly database: DatabaseSamples | null;
  readonly monitor: MonitorSamples | null;
}

/** What was full while requests of that phase failed or waited; undefined where nothing was seen. Pure. */
export function causeOf(phase: Phase, { database, monitor }: Seen): string | undefined {
  for (const pool of monitor?.pools ?? []) {
    const words = poolWords(pool, within(phase, pool.at));
    if (words) return words;
  }
  if (!database) return undefined;
  const during = within(phase, database.at);
  if (!during.some(Boolean)) return undefined;
  return serverWords(database, during);
}

function poolWords(pool: PoolSamples, during: readonly boolean[]): string | undefined {
  const full = pool.used.findIndex(
    (used, i) =>
      during[i] && used >= (pool.max[i] ?? Infinity) && (pool.pending[i] ?? 0) >= NAMED_FROM,
  );
  if (full < 0) return undefined;
  const max = pool.max[full] ?? 0;
  const pending = most(pool.pending, during);
  return `every connection was taken (${max} of ${max} used, up to ${plural(pending, 'caller')} waiting)`;
}

function serverWords(database: DatabaseSamples, during: readonly boolean[]): string | undefined {
  const { busiest, maxConnections, states, waitingForLocks, blockers } = database;
  const total = most(totals(states), during);
  if (maxConnections !== null && total >= maxConnections * FULL_FROM) {
    return `the server was full (${total} of ${maxConnections} connections)`;
  }
  if (!busiest) return undefined;
  const sessions = most(busiest.sessions, during);
  const locked = most(waitingForLocks, during);
  if (locked >= NAMED_FROM && locked * 2 >= sessions) {
    return `up to ${plural(locked, 'session')} waited for locks that ${most(blockers, during)} held`;
  }
  if (sessions < NAMED_FROM) return undefined;
  const busy = busyOf(busiest);
  if (most(busy, during) >= sessions) {
    const idle = most(busiest.idleInTransaction, during);
    const words = idle * 2 >= sessions ? `, up to ${idle} of them idle in transaction` : '';
    return `every connection was taken (${sessions} of ${sessions} at work${words})`;
  }
  const looked = busy.filter((_, i) => during[i]);
  const mean = looked.reduce((sum, one) => sum + one, 0) / looked.length;
  if (mean > sessions * LITTLE_TO_DO) return undefined;
  const average = mean < 0.1 ? 'less than 0.1' : mean.toFixed(1);
  return `the database had little to do meanwhile (${average} of ${sessions} connections at work on average), so the time went by in the application`;
}

/** Which looks were made while the phase lasted. */
function within({ from, seconds }: Phase, at: readonly number[]): boolean[] {
  return at.map((second) => second >= from && second <= from + seconds);
}

function most(values: readonly number[], during: readonly boolean[]): number {
  return Math.max(0, ...values.filter((_, i) => during[i]));
}

function totals(states: Readonly<Record<string, readonly number[]>>): number[] {
  const all = Object.values(states);
  return (all[0] ?? []).map((_, i) => all.reduce((total, counts) => total + (counts[i] ?? 0), 0));
}

const CAUSES: ReadonlySet<string> = new Set([
  'fan-out',
  'n-plus-one',
  'idle-in-transaction',
  'leak',
  'self-deadlock',
  'slow-statement',
]);

/** A sentence with what the application's monitor found to be the cause; symptoms are told already. */
export function namedBy(monitor: MonitorSamples | null): string {
  const cause = monitor?.incidents.find(({ kind }) => CAUSES.has(kind));
  return cause ? ` Lifeguard’s monitor names the cause: ${cause.title.replace(/\.$/, '')}.` : '';
}
