import type { IncidentRecord, PoolSnapshot } from '../wire.ts';
import { capital, count, duration, waiting } from './words.ts';

export type Status = 'pass' | 'warn' | 'fail';

/** How a pool is, in one word for colour and icon, one sentence to see from afar, and one to read. */
export interface Verdict {
  readonly status: Status;
  readonly headline: string;
  readonly detail: string;
}

/** `active`: the incidents of this pool that last, causes first. */
export function judge(pool: PoolSnapshot, active: readonly IncidentRecord[]): Verdict {
  const { pending, connections, recent } = pool;
  const has = (kind: string) => active.some((incident) => incident.kind === kind);
  const detail = describe(pool);
  if (has('server-down')) return fail('The database does not answer', detail);
  if (has('too-many-clients')) return fail('The database takes no more connections', detail);
  if (pool.breaker?.state === 'open') return fail('The circuit breaker is open', detail);
  if (recent.perSecond.timeouts > 0) return fail('Callers wait in vain', detail);
  if (recent.perSecond.shed > 0) return fail('Overloaded: callers are refused', detail);
  if (pending > 0 && connections.used >= connections.max) {
    const judged = has('pool-exhausted') ? fail : warn;
    return judged('Full: callers wait', detail);
  }
  if (has('overload-shed') || has('breaker-opened')) {
    return fail('Callers were refused a moment ago', detail);
  }
  if (active.some(({ severity }) => severity === 'critical')) {
    return fail('Callers waited too long a moment ago', detail);
  }
  const warnings = active.filter(({ severity }) => severity !== 'info');
  if (warnings.length > 0) {
    return warn(`It works, with ${count(warnings.length, 'problem')} to look at`, detail);
  }
  const isQuiet = connections.used === 0 && recent.perSecond.statements === 0;
  return { status: 'pass', headline: isQuiet ? 'Healthy and quiet' : 'Healthy', detail };
}

function describe(pool: PoolSnapshot): string {
  return pool.kind === 'server' ? describeServer(pool) : describePool(pool);
}

function describeServer({ connections: { total, used, max } }: PoolSnapshot): string {
  return `${total} of ${count(max, 'connection')} ${total === 1 ? 'is' : 'are'} open, ${used} of them at work or in a transaction.`;
}

function describePool({ connections, pending, fullMillis, holders, recent }: PoolSnapshot): string {
  const { used, max } = connections;
  const parts = [
    `${used} of ${count(max, 'connection')} ${used === 1 ? 'is' : 'are'} in use, ${waiting(pending)}`,
  ];
  if (fullMillis > 0) parts.push(`it has been full for ${duration(fullMillis)}`);
  const [longest] = holders;
  if (longest && (pending > 0 || longest.heldMillis >= 1_000)) {
    parts.push(`${longest.owner} holds one for ${duration(longest.heldMillis)}`);
  } else if (recent.wait.count > 0) {
    parts.push(`99 of 100 waited ${duration(recent.wait.p99Millis)} at most`);
  }
  return `${capital(parts.join('; '))}.`;
}

function fail(headline: string, detail: string): Verdict {
  return { status: 'fail', headline, detail };
}

function warn(headline: string, detail: string): Verdict {
  return { status: 'warn', headline, detail };
}
