import { number, type ServerQuery, text } from './query.ts';

/** A standby that streams from this server. */
export interface Standby {
  readonly name: string;
  readonly client: string | null;
  /** `streaming`, `catchup`, …; null: the role that looks may not see it. */
  readonly state: string | null;
  /** It tells how far it has replayed the log, as whatever only receives it does not. */
  readonly replays: boolean;
  readonly isSynchronous: boolean;
  /** Log that it has not replayed yet; null: not known. */
  readonly lagBytes: number | null;
  /** How old what it replays is; 0 when it has replayed all. */
  readonly lagMillis: number | null;
  /** The replication slot that it uses. */
  readonly slot: string | null;
}

export interface Replication {
  readonly standbys: readonly Standby[];
  /** Bytes of log that the server keeps for whoever is to return, by the name of the slot. */
  readonly keptBySlot: Readonly<Record<string, number>>;
  /** Of the log; another one after each change of the primary. Null on a standby. */
  readonly timeline: string | null;
  /** Of this server, when it is a standby itself: how old the last transaction is that it has replayed. */
  readonly ownLagMillis: number | null;
}

/** What this server's standbys have not replayed; on a standby, its own lag besides. */
export const replication: ServerQuery<Replication> = {
  name: 'replication',
  sql: `
SELECT own.lag_millis AS own_lag_millis,
       own.timeline,
       (SELECT jsonb_object_agg(w.slot_name, pg_catalog.pg_wal_lsn_diff(own.lsn, w.restart_lsn)::float8)
        FROM pg_catalog.pg_replication_slots w
        WHERE NOT w.active AND w.restart_lsn IS NOT NULL) AS kept_by_slot,
       r.application_name AS name,
       pg_catalog.host(r.client_addr) AS client,
       r.pid IS NOT NULL AS is_standby,
       r.state,
       r.replay_lsn IS NOT NULL AS replays,
       s.slot_name AS slot,
       coalesce(r.sync_state IN ('sync', 'quorum'), false) AS is_synchronous,
       pg_catalog.pg_wal_lsn_diff(own.lsn, r.replay_lsn)::float8 AS lag_bytes,
       (extract(epoch FROM r.replay_lag) * 1000)::float8 AS lag_millis
FROM (SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                  ELSE pg_catalog.pg_current_wal_lsn() END AS lsn,
             CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN NULL
                  WHEN pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn() THEN 0
                  ELSE (extract(epoch FROM clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) * 1000)::float8
             END AS lag_millis,
             CASE WHEN NOT pg_catalog.pg_is_in_recovery()
                  THEN left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8)
             END AS timeline) own
LEFT JOIN pg_catalog.pg_stat_replication r ON true
LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = r.pid
ORDER BY r.application_name, r.pid`,
  parse: (rows) => ({
    ownLagMillis: number(rows[0]?.own_lag_millis),
    timeline: text(rows[0]?.timeline),
    keptBySlot: (rows[0]?.kept_by_slot ?? {}) as Readonly<Record<string, number>>,
    standbys: rows
      .filter((row) => row.is_standby === true)
      .map((row) => {
        const lagBytes = number(row.lag_bytes);
        return {
          name: text(row.name) ?? 'a standby',
          client: text(row.client),
          state: text(row.state),
          replays: row.replays === true,
          slot: text(row.slot),
          isSynchronous: row.is_synchronous === true,
          lagBytes,
          // Without traffic the server forgets how long it took; there is nothing left to replay then.
          lagMillis: number(row.lag_millis) ?? (lagBytes === 0 ? 0 : null),
        };
      }),
  }),
};
