import type { PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import type { ReplicaStatus, Surroundings } from './surroundings.ts';
import { bytes, duration } from './words.ts';

/** PgHero's threshold: readers begin to notice. */
const LAG_MILLIS = 5_000;
/** GitLab's: 8 MB of log, where no time is known. */
const LAG_BYTES = 8 * 1024 * 1024;

/** A replica answers with what was true some time ago, or not at all. */
export function detectReplicaLagging(
  _: PoolStats,
  { replicas = [] }: Surroundings = {},
): Incident[] {
  return replicas.filter(isBehind).map((replica) => {
    const { name, isUp, isUsed, lagMillis, lagBytes } = replica;
    return {
      kind: 'replica-lagging',
      title: isUp
        ? `the replica ${name} is ${lagOf(replica)} behind`
        : `the replica ${name} does not answer`,
      evidence: [
        ...(lagMillis === undefined ? [] : [`${duration(lagMillis)} behind the primary`]),
        ...(lagBytes === undefined ? [] : [`${bytes(lagBytes)} of log not replayed yet`]),
        ...(isUsed === undefined
          ? []
          : [isUsed ? 'reads still go to it' : 'no reads go to it now; the others serve them']),
      ],
      cause: isUp
        ? 'It replays changes slower than the primary makes them: a burst of writes, a long query that holds replay up, or too little of disk or network.'
        : 'It is down, or the network does not reach it.',
      remedy: isUp
        ? 'Look on the replica for long queries (pg_stat_activity) and for conflicts (pg_stat_database_conflicts). Reads that must be fresh belong to the primary.'
        : 'Look whether the server runs and the network reaches it; its log says why it stopped.',
      weight: lagMillis ?? 0,
      subject: name,
      isUnderWay: true,
    } satisfies Incident;
  });
}

export function isBehind({ isUp, lagMillis, lagBytes }: ReplicaStatus): boolean {
  if (!isUp) return true;
  return lagMillis === undefined ? (lagBytes ?? 0) >= LAG_BYTES : lagMillis >= LAG_MILLIS;
}

function lagOf({ lagMillis, lagBytes = 0 }: ReplicaStatus): string {
  return lagMillis === undefined ? bytes(lagBytes) : duration(lagMillis);
}
