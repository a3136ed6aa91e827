import type { OwnerStats, PoolStats } from '@lifeguard/pool';
import { capacityMillis } from './capacity.ts';
import type { Incident } from './incident.ts';
import type { Surroundings } from './surroundings.ts';
import { count, duration, frequency, percent, times } from './words.ts';

/** A holder idle for more than half of its time waits for something else than the database. */
const IDLE_SHARE = 0.5;
/** Less than this a checkout is the event loop's doing. */
const IDLE_FROM_MILLIS = 50;
/** In a window, what costs less of the pool's time than this disturbs nobody. */
const COST_SHARE = 0.05;
/** A single transaction that is idle for so long is told whatever it costs: its row locks wait with it. */
const LONG_IDLE_MILLIS = 1_000;

/** Pauses that take so much of the pool's time are told however slow the statements between them are, … */
const PAUSES_SHARE = 0.2;
/** … when each is longer than a busy event loop's. */
const PAUSE_MILLIS = 200;

interface Cost extends Pick<OwnerStats, 'owner' | 'checkouts' | 'heldMillis' | 'idleMillis'> {
  /** The longest that one has been idle by now. */
  readonly idleNowMillis: number;
  readonly site: string | undefined;
  readonly pauseAt?: string | undefined;
}

/**
 * Ended checkouts, and those that hold a transaction now: the worst one never ends. A connection that
 * is held without a transaction, such as one that listens, is idle by design.
 */
function costs({ owners, holders }: PoolStats): Cost[] {
  const byOwner = new Map<string, Cost>(
    owners.map((cost) => [cost.owner, { ...cost, idleNowMillis: 0, site: undefined }]),
  );
  for (const { owner, heldMillis, idleMillis, inTransaction, site, pauseAt } of holders) {
    if (!inTransaction) continue;
    const known = byOwner.get(owner);
    byOwner.set(owner, {
      owner,
      checkouts: (known?.checkouts ?? 0) + 1,
      heldMillis: (known?.heldMillis ?? 0) + heldMillis,
      idleMillis: (known?.idleMillis ?? 0) + idleMillis,
      idleNowMillis: Math.max(known?.idleNowMillis ?? 0, idleMillis),
      site: known?.site ?? site,
      pauseAt: known?.pauseAt ?? pauseAt,
    });
  }
  return [...byOwner.values()];
}

function isIdler({ checkouts, heldMillis, idleMillis }: Cost, capacity = Infinity): boolean {
  const pause = idleMillis / checkouts;
  if (pause >= PAUSE_MILLIS && idleMillis >= capacity * PAUSES_SHARE) return true;
  return pause >= IDLE_FROM_MILLIS && idleMillis >= heldMillis * IDLE_SHARE;
}

function isWorthTelling({ idleMillis, idleNowMillis }: Cost, capacity: number | undefined) {
  if (capacity === undefined) return true;
  return idleNowMillis >= LONG_IDLE_MILLIS || idleMillis >= capacity * COST_SHARE;
}

/** A connection held while the application does something else, such as calling another service. */
export function detectIdleInTransaction(stats: PoolStats, around: Surroundings = {}): Incident[] {
  const { connections } = stats;
  const capacity = capacityMillis(stats, around);
  return costs(stats)
    .filter((cost) => isIdler(cost, capacity) && isWorthTelling(cost, capacity))
    .map(({ owner, checkouts, heldMillis, idleMillis, idleNowMillis, site, pauseAt }) => {
      const held = heldMillis / checkouts;
      return {
        kind: 'idle-in-transaction',
        title: `${owner} holds a connection for ${duration(held)} and uses it for ${duration(held - idleMillis / checkouts)}`,
        evidence: [
          `${percent(idleMillis / heldMillis)} of its hold time had no statement under way (seen ${times(checkouts)})`,
          `at ${duration(held)} each, ${count(connections.max, 'connection')} ${connections.max === 1 ? 'allows' : 'allow'} ${frequency((1_000 * connections.max) / held)}, whatever the server could do`,
          ...(site ? [`taken at ${site}`] : []),
          ...(pauseAt ? [`idle for longest ${pauseAt}`] : []),
        ],
        cause:
          'The transaction stays open while the application waits for something else, most likely a call to another service. The connection and its row locks wait with it.',
        remedy:
          'Make the call outside: write what must be known before it in one short transaction, call, then record the outcome in another. If the call fails, undo by a compensating write.',
        weight: idleMillis,
        owner,
        ...(idleNowMillis >= LONG_IDLE_MILLIS && { isUnderWay: true }),
      } satisfies Incident;
    });
}
