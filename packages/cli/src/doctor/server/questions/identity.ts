import type { Ask } from '../ask.ts';
import { flagOf, numberOf, numberOrNull, textOf } from '../columns.ts';
import type { ServerIdentity } from '../facts.ts';

const SQL = `
SELECT current_setting('server_version_num') AS version_number,
       split_part(current_setting('server_version'), ' ', 1) AS version,
       current_database() AS database,
       current_user AS "user",
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS is_superuser,
       pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees_others,
       pg_is_in_recovery() AS is_standby,
       extract(epoch FROM now() - pg_postmaster_start_time())::float8 AS uptime,
       (SELECT extract(epoch FROM now() - stats_reset)::float8
          FROM pg_stat_database WHERE datname = current_database()) AS stats_age,
       pg_backend_pid() AS pid`;

export interface Introduction {
  readonly identity: ServerIdentity;
  /** Our session's process, as the server itself has it. */
  readonly pid: number;
}

export async function askIdentity(ask: Ask): Promise<Introduction> {
  const [row = {}] = await ask(SQL);
  const uptime = numberOf(row, 'uptime');
  return {
    pid: numberOf(row, 'pid'),
    identity: {
      versionNumber: numberOf(row, 'version_number'),
      version: textOf(row, 'version'),
      database: textOf(row, 'database'),
      user: textOf(row, 'user'),
      isSuperuser: flagOf(row, 'is_superuser'),
      seesOthers: flagOf(row, 'sees_others'),
      isStandby: flagOf(row, 'is_standby'),
      uptime,
      statsAge: numberOrNull(row, 'stats_age'),
    },
  };
}
