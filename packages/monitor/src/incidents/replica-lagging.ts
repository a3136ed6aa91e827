import type { PoolStats } from '@lifeguard/pool';
import type { ServerSnapshot } from '../server/view.ts';
import type { Incident } from './incident.ts';
import type { ReplicaStatus, Surroundings } from './surroundings.ts';
import { bytes, duration } from './words.ts';

/** PgHero's threshold: readers begin to notice. */
const LAG_MILLIS = 5_000;
/** GitLab's: 8 MB of log, where no time is known. */
const LAG_BYTES = 8 * 1024 * 1024;

const TOO_SLOW =
  'It replays changes slower than the primary makes them: replay is paused (pg_is_wal_replay_paused), held up by a long query, or short of disk or network.';
const REMEDY =
  'Look on the replica for long queries (pg_stat_activity), for conflicts (pg_stat_database_conflicts), and whether replay is paused: `SELECT pg_wal_replay_resume()` goes on. Reads that must be fresh belong to the primary.';

/** A replica answers with what was true some time ago. */
export function detectReplicaLagging(
  _: PoolStats,
  { replicas = [], server }: Surroundings = {},
): Incident[] {
  const incidents = replicas.filter((replica) => replica.isUp && isBehind(replica)).map(ofReplica);
  // It stands on a standby itself.
  if (server?.problem === null && (server.lagMillis ?? 0) >= LAG_MILLIS) {
    incidents.push(ofTheServerItself(server));
  }
  return incidents;
}

function ofReplica(replica: ReplicaStatus): Incident {
  const { name, isUsed, lagMillis, lagBytes } = replica;
  return {
    kind: 'replica-lagging',
    title: `the replica ${name} is ${lagOf(replica)} behind`,
    evidence: [
      ...(lagMillis === undefined ? [] : [`${duration(lagMillis)} behind the primary`]),
      ...(lagBytes === undefined ? [] : [`${bytes(lagBytes)} of log not replayed yet`]),
      ...(isUsed === undefined
        ? []
        : [isUsed ? 'reads still go to it' : 'no reads go to it now; the others serve them']),
    ],
    cause: TOO_SLOW,
    remedy: REMEDY,
    weight: lagMillis ?? 0,
    subject: name,
    isUnderWay: true,
  };
}

function ofTheServerItself({ lagMillis }: ServerSnapshot): Incident {
  const lag = duration(lagMillis ?? 0);
  return {
    kind: 'replica-lagging',
    title: `the server is a standby, ${lag} behind its primary`,
    evidence: [`the last change that it has replayed is ${lag} old`],
    cause: TOO_SLOW,
    remedy: REMEDY,
    weight: lagMillis ?? 0,
    subject: 'the server itself',
    isUnderWay: true,
  };
}

export function isBehind({ isUp, lagMillis, lagBytes }: ReplicaStatus): boolean {
  if (!isUp) return true;
  return lagMillis === undefined ? (lagBytes ?? 0) >= LAG_BYTES : lagMillis >= LAG_MILLIS;
}

function lagOf({ lagMillis, lagBytes = 0 }: ReplicaStatus): string {
  return lagMillis === undefined ? bytes(lagBytes) : duration(lagMillis);
}
