import type { Ask } from '../ask.ts';
import { flagOf, numberOf, numberOrNull, textOf, textOrNull } from '../columns.ts';
import type { ReplicationFacts, ServerIdentity } from '../facts.ts';

const WAL_STATUS_SINCE = 130_000;

export async function askReplication(
  ask: Ask,
  { isStandby, versionNumber }: ServerIdentity,
): Promise<ReplicationFacts> {
  const here = isStandby ? 'pg_last_wal_receive_lsn()' : 'pg_current_wal_lsn()';
  const replicas = await ask(`
SELECT coalesce(nullif(application_name, ''), host(client_addr), pid::text) AS name, state,
       pg_wal_lsn_diff(${here}, replay_lsn) AS lag_bytes,
       extract(epoch FROM replay_lag)::float8 AS lag_seconds
  FROM pg_stat_replication`);
  const walStatus = versionNumber >= WAL_STATUS_SINCE ? 'wal_status' : 'NULL';
  const slots = await ask(`
SELECT slot_name AS name, slot_type AS type, active AS is_active, ${walStatus} AS wal_status,
       pg_wal_lsn_diff(${here}, restart_lsn) AS retained
  FROM pg_replication_slots WHERE NOT temporary`);
  return {
    replicas: replicas.map((row) => ({
      name: textOf(row, 'name'),
      state: textOrNull(row, 'state'),
      lagBytes: numberOrNull(row, 'lag_bytes'),
      lagSeconds: numberOrNull(row, 'lag_seconds'),
    })),
    standby: isStandby ? await askStandby(ask) : null,
    slots: slots.map((row) => ({
      name: textOf(row, 'name'),
      type: textOf(row, 'type'),
      isActive: flagOf(row, 'is_active'),
      retainedBytes: numberOrNull(row, 'retained'),
      walStatus: textOrNull(row, 'wal_status'),
    })),
  };
}

/** Nothing to replay is no lag, however long ago the last transaction was. */
async function askStandby(ask: Ask) {
  const [row = {}] = await ask(`
SELECT pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AS is_even,
       extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float8 AS behind`);
  return { lagSeconds: flagOf(row, 'is_even') ? 0 : numberOf(row, 'behind') };
}
