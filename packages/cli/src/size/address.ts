import type { Sizing } from './recommend.ts';

/** Where an application finds its database; names in capitals where nobody said. */
export interface Place {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

export const SOMEWHERE: Place = { user: 'USER', host: 'HOST', port: 5432, database: 'DATABASE' };
const POOLER_PORT = 6432;

/** The URL to use; its password is for the reader to fill in. */
export function addressFor(
  { user, host, port, database }: Place,
  sizing: Sizing,
  poolerAt = `PGBOUNCER_HOST:${POOLER_PORT}`,
): string {
  const { limit, poolTimeoutSeconds, connectTimeoutSeconds, pooler } = sizing;
  const parameters = new URLSearchParams({
    connection_limit: String(limit),
    pool_timeout: String(poolTimeoutSeconds),
    connect_timeout: String(connectTimeoutSeconds),
    ...(pooler && { pgbouncer: 'true' }),
  });
  const place = pooler ? poolerAt : `${host}:${port}`;
  return `postgresql://${encodeURIComponent(user)}:PASSWORD@${place}/${encodeURIComponent(database)}?${parameters}`;
}

/** The same as lines of an environment. */
export function environmentFor(place: Place, sizing: Sizing, poolerAt?: string): string[] {
  return [
    `DATABASE_URL="${addressFor(place, sizing, poolerAt)}"`,
    // Migrations need a session of their own, which a pooler does not give.
    ...(sizing.pooler ? [`DIRECT_URL="${directAddress(place)}"`] : []),
    `DB_CONNECTION_LIMIT=${sizing.limit}`,
    `DB_POOL_TIMEOUT=${sizing.poolTimeoutSeconds}`,
  ];
}

function directAddress({ user, host, port, database }: Place): string {
  return `postgresql://${encodeURIComponent(user)}:PASSWORD@${host}:${port}/${encodeURIComponent(database)}`;
}
