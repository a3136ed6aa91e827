import type { OwnerStats, PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { count, duration, frequency, percent, times } from './words.ts';

/** A holder idle for more than half of its time waits for something else than the database. */
const IDLE_SHARE = 0.5;
/** Less than this a checkout is the event loop's doing. */
const IDLE_FROM_MILLIS = 50;

type Cost = Pick<OwnerStats, 'owner' | 'checkouts' | 'heldMillis' | 'idleMillis'>;

/**
 * Ended checkouts, and those that hold a transaction now: the worst one never ends. A connection that
 * is held without a transaction, such as one that listens, is idle by design.
 */
function costs({ owners, holders }: PoolStats): Cost[] {
  const byOwner = new Map<string, Cost>(owners.map((cost) => [cost.owner, cost]));
  for (const { owner, heldMillis, idleMillis, inTransaction } of holders) {
    if (!inTransaction) continue;
    const ended = byOwner.get(owner) ?? { owner, checkouts: 0, heldMillis: 0, idleMillis: 0 };
    byOwner.set(owner, {
      owner,
      checkouts: ended.checkouts + 1,
      heldMillis: ended.heldMillis + heldMillis,
      idleMillis: ended.idleMillis + idleMillis,
    });
  }
  return [...byOwner.values()];
}

function isIdler({ checkouts, heldMillis, idleMillis }: Cost): boolean {
  return idleMillis / checkouts >= IDLE_FROM_MILLIS && idleMillis >= heldMillis * IDLE_SHARE;
}

/** A connection held while the application does something else, such as calling another service. */
export function detectIdleInTransaction(stats: PoolStats): Incident[] {
  const { connections } = stats;
  return costs(stats)
    .filter(isIdler)
    .map(({ owner, checkouts, heldMillis, idleMillis }) => {
      const held = heldMillis / checkouts;
      return {
        kind: 'idle-in-transaction',
        title: `${owner} holds a connection for ${duration(held)} and uses it for ${duration(held - idleMillis / checkouts)}`,
        evidence: [
          `${percent(idleMillis / heldMillis)} of its hold time had no statement under way (seen ${times(checkouts)})`,
          `at ${duration(held)} each, ${count(connections.max, 'connection')} ${connections.max === 1 ? 'allows' : 'allow'} ${frequency((1_000 * connections.max) / held)}, whatever the server could do`,
        ],
        cause:
          'The transaction stays open while the application waits for something else, most likely a call to another service. The connection and its row locks wait with it.',
        remedy:
          'Make the call outside: write what must be known before it in one short transaction, call, then record the outcome in another. If the call fails, undo by a compensating write.',
        weight: idleMillis,
      } satisfies Incident;
    });
}
