import type { OwnerStats, PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { duration, percent, times } from './words.ts';

/** A holder idle for more than half of its time waits for something else than the database. */
const IDLE_SHARE = 0.5;
/** Less than this a checkout is the event loop's doing. */
const IDLE_FROM_MILLIS = 50;

function isIdler({ checkouts, heldMillis, idleMillis }: OwnerStats): boolean {
  return idleMillis / checkouts >= IDLE_FROM_MILLIS && idleMillis >= heldMillis * IDLE_SHARE;
}

/** A connection held while the application does something else, such as calling another service. */
export function detectIdleInTransaction({ owners, connections }: PoolStats): Incident[] {
  return owners.filter(isIdler).map(({ owner, checkouts, heldMillis, idleMillis }) => {
    const held = heldMillis / checkouts;
    return {
      kind: 'idle-in-transaction',
      title: `${owner} holds a connection for ${duration(held)} and uses it for ${duration(held - idleMillis / checkouts)}`,
      evidence: [
        `${percent(idleMillis / heldMillis)} of its hold time had no statement under way (seen ${times(checkouts)})`,
        `at ${duration(held)} each, ${connections.max} connections allow ${(connections.max / (held / 1_000)).toFixed(0)} of them a second, whatever the server could do`,
      ],
      cause:
        'The transaction stays open while the application waits for something else, most likely a call to another service. The connection and its row locks wait with it.',
      remedy:
        'Make the call outside: write what must be known before it in one short transaction, call, then record the outcome in another. If the call fails, undo by a compensating write.',
      weight: idleMillis,
    } satisfies Incident;
  });
}
