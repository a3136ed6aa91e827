import type { Holder, PoolStats } from '../stats/pool-stats.ts';

const seconds = (millis: number): string =>
  millis < 1_000 ? `${Math.round(millis)} ms` : `${(millis / 1_000).toFixed(1)} s`;

/** Holding a connection mostly idle is the application's doing, whatever the pool's size. */
const MOSTLY_IDLE = 0.5;

function describeHolder(holder: Holder): string {
  const idle =
    holder.idleMillis > holder.heldMillis * MOSTLY_IDLE
      ? `, ${seconds(holder.idleMillis)} of it with no statement under way`
      : '';
  return `${holder.owner} for ${seconds(holder.heldMillis)}${idle}`;
}

/** The one thing to try first, from what the pool looks like. */
export function firstRemedy(stats: PoolStats): string {
  const { connections, holders } = stats;
  const idlers = holders.filter(
    (h) => h.inTransaction && h.idleMillis > h.heldMillis * MOSTLY_IDLE,
  );
  if (connections.total === 0 && stats.lastConnectError) {
    return 'Try first: look at why the server refuses connections.';
  }
  if (idlers.length * 2 > holders.length) {
    return `Try first: do the other work of ${idlers[0]?.owner} (a call to another service?) outside of the transaction.`;
  }
  // Fan-outs are remembered since the pool began: they explain a wait only if holders do not.
  if (holders.length * 2 > connections.max) {
    return `Try first: make what ${holders[0]?.owner} does in its connection shorter.`;
  }
  if (stats.fanOuts[0]) {
    const { owner, peak, route } = stats.fanOuts[0];
    return `Try first: replace the up to ${peak} statements of ${owner} that one ${route} sends at once by one.`;
  }
  return 'Try first: make the slowest statements faster (stats().statements lists them).';
}

/** The message of a refusal that spares its caller a wait in vain. */
export function explainShedding(stats: PoolStats): string {
  const { connections, pending } = stats;
  return `refused at once: the pool is overloaded, ${pending} requests are waiting for ${connections.max} connections, and this one would have had its turn or its answer only after its deadline. ${firstRemedy(stats)}`;
}

/**
 * The message of a wait that ended without a connection, for all who waited in vain at that moment: it is
 * made anew only for another figure. It begins with pg-pool's own words, because programs look for them.
 */
export function explainWaits(stats: PoolStats): (waitedMillis: number) => string {
  const { connections, pending, holders, lastConnectError } = stats;
  const used = connections.checkedOut + connections.shared;
  const parts = [
    `while ${used} of ${connections.max} connections were used and ${pending} requests were waiting.`,
  ];
  if (holders.length > 0) {
    parts.push(`Longest holders: ${holders.slice(0, 3).map(describeHolder).join('; ')}.`);
  }
  if (lastConnectError) parts.push(`The last attempt to connect failed: ${lastConnectError}.`);
  parts.push(firstRemedy(stats));
  const situation = parts.join(' ');
  let last: { readonly waited: string; readonly message: string } | undefined;
  return (waitedMillis) => {
    const waited = seconds(waitedMillis);
    if (last?.waited !== waited) {
      const message = `timeout exceeded when trying to connect: waited ${waited} ${situation}`;
      last = { waited, message };
    }
    return last.message;
  };
}
