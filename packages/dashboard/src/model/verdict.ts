import type { IncidentRecord, PoolSnapshot } from '../wire.ts';
import { capital, count, duration, waiting } from './words.ts';

export type Status = 'pass' | 'warn' | 'fail';

/** How a pool is, in one word for colour and icon, one sentence to see from afar, and one to read. */
export interface Verdict {
  readonly status: Status;
  readonly headline: string;
  readonly detail: string;
}

/** What the monitor, which looks once a second, has not seen for so long does not go on now. */
const NOW_MILLIS = 3_000;

/** `active`: the incidents of this pool that last, causes first; `now`: of the snapshot. */
export function judge(pool: PoolSnapshot, active: readonly IncidentRecord[], now: Date): Verdict {
  const { pending, connections, recent, breaker } = pool;
  const find = (kind: string) => active.find((incident) => incident.kind === kind);
  const isNow = (kind: string) => {
    const seen = find(kind)?.lastSeen;
    return seen !== undefined && now.getTime() - Date.parse(seen) < NOW_MILLIS;
  };
  const detail = describe(pool);
  const down = find('server-down');
  if (down && isNow('server-down')) {
    return fail('The database does not answer', describeOutage(pool, down, now));
  }
  if (isNow('too-many-clients')) return fail('The database takes no more connections', detail);
  if (breaker?.state === 'open') return fail('The circuit breaker is open', detail);
  if (recent.perSecond.timeouts > 0 && isNow('pool-exhausted')) {
    return fail('Callers wait in vain', detail);
  }
  if (isNow('overload-shed')) return fail('Overloaded: callers are refused', detail);
  const isFull =
    pool.fullMillis > 0 || connections.used >= connections.max || isNow('pool-exhausted');
  if (pending > 0 && isFull) {
    const judged = find('pool-exhausted') ? fail : warn;
    return judged('Full: callers wait', detail);
  }
  if (down) return warn('The database answers again', detail);
  if (breaker && breaker.state !== 'closed') {
    return warn('The breaker lets callers back in', detail);
  }
  if (find('overload-shed') || find('breaker-opened')) {
    return warn('Callers were refused a moment ago', detail);
  }
  if (active.some(({ severity }) => severity === 'critical')) {
    return warn('Callers waited too long a moment ago', detail);
  }
  const warnings = active.filter(({ severity }) => severity !== 'info');
  if (warnings.length > 0) {
    return warn(`It works, with ${count(warnings.length, 'problem')} to look at`, detail);
  }
  const isQuiet = connections.used === 0 && recent.perSecond.statements === 0;
  return { status: 'pass', headline: isQuiet ? 'Healthy and quiet' : 'Healthy', detail };
}

function describeOutage(
  { breaker, lastConnectError, pending }: PoolSnapshot,
  { firstSeen, episodes }: IncidentRecord,
  now: Date,
): string {
  const parts = [
    // Of one that comes back, when it began this time is not known.
    episodes === 1
      ? `no connection for ${duration(now.getTime() - Date.parse(firstSeen))}`
      : 'no connection can be opened',
    waiting(pending),
  ];
  if (breaker?.state === 'open') parts.push('the breaker refuses callers at once');
  if (lastConnectError !== null) parts.push(`the last attempt met: ${lastConnectError}`);
  return `${capital(parts.join('; '))}.`;
}

function describe(pool: PoolSnapshot): string {
  return pool.kind === 'server' ? describeServer(pool) : describePool(pool);
}

function describeServer({ connections: { total, used, max } }: PoolSnapshot): string {
  return `${total} of ${count(max, 'connection')} ${total === 1 ? 'is' : 'are'} open, ${used} of them at work or in a transaction.`;
}

function describePool({ connections, pending, fullMillis, holders, recent }: PoolSnapshot): string {
  const { max, total, idle, connecting } = connections;
  // Also what was given back and can't be had yet.
  const used = total - idle - connecting;
  const parts = [
    `${used} of ${count(max, 'connection')} ${used === 1 || max === 1 ? 'is' : 'are'} in use, ${waiting(pending)}`,
  ];
  if (fullMillis > 0) parts.push(`it has been full for ${duration(fullMillis)}`);
  const [longest] = holders;
  if (longest && (pending > 0 || longest.heldMillis >= 1_000)) {
    parts.push(`${longest.owner} holds one for ${duration(longest.heldMillis)}`);
  } else if (recent.wait.count > 0) {
    const { p99Millis } = recent.wait;
    parts.push(
      `99 of 100 waited ${p99Millis < 1 ? 'less than 1 ms' : `${duration(p99Millis)} at most`}`,
    );
  }
  return `${capital(parts.join('; '))}.`;
}

function fail(headline: string, detail: string): Verdict {
  return { status: 'fail', headline, detail };
}

function warn(headline: string, detail: string): Verdict {
  return { status: 'warn', headline, detail };
}
