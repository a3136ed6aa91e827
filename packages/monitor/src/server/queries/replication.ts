import { number, type ServerQuery, text } from './query.ts';

/** A standby that streams from this server. */
export interface Standby {
  readonly name: string;
  readonly client: string | null;
  /** `streaming`, `catchup`, …; null: the role that looks may not see it. */
  readonly state: string | null;
  readonly isSynchronous: boolean;
  /** Log that it has not replayed yet; null: not known. */
  readonly lagBytes: number | null;
  /** How old what it replays is; 0 when it has replayed all. */
  readonly lagMillis: number | null;
}

export interface Replication {
  readonly standbys: readonly Standby[];
  /** Of this server, when it is a standby itself: how old the last transaction is that it has replayed. */
  readonly ownLagMillis: number | null;
}

/** What this server's standbys have not replayed; on a standby, its own lag besides. */
export const replication: ServerQuery<Replication> = {
  name: 'replication',
  sql: `
SELECT own.lag_millis AS own_lag_millis,
       r.application_name AS name,
       pg_catalog.host(r.client_addr) AS client,
       r.pid IS NOT NULL AS is_standby,
       r.state,
       coalesce(r.sync_state IN ('sync', 'quorum'), false) AS is_synchronous,
       pg_catalog.pg_wal_lsn_diff(own.lsn, r.replay_lsn)::float8 AS lag_bytes,
       (extract(epoch FROM r.replay_lag) * 1000)::float8 AS lag_millis
FROM (SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                  ELSE pg_catalog.pg_current_wal_lsn() END AS lsn,
             CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN NULL
                  WHEN pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn() THEN 0
                  ELSE (extract(epoch FROM clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) * 1000)::float8
             END AS lag_millis) own
LEFT JOIN pg_catalog.pg_stat_replication r ON true
ORDER BY r.application_name, r.pid`,
  parse: (rows) => ({
    ownLagMillis: number(rows[0]?.own_lag_millis),
    standbys: rows
      .filter((row) => row.is_standby === true)
      .map((row) => {
        const lagBytes = number(row.lag_bytes);
        return {
          name: text(row.name) ?? 'a standby',
          client: text(row.client),
          state: text(row.state),
          isSynchronous: row.is_synchronous === true,
          lagBytes,
          // Without traffic the server forgets how long it took; there is nothing left to replay then.
          lagMillis: number(row.lag_millis) ?? (lagBytes === 0 ? 0 : null),
        };
      }),
  }),
};
