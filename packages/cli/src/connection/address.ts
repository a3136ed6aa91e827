import pg from 'pg';

/** Where a client would connect, without its password. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** As pg itself reads it, also from PGHOST and the like. */
export function addressOf(config: pg.ClientConfig): Address {
  const { host, port, database = '', user = '' } = clientOf(config);
  return { host, port, database, user };
}

/** A client that does not connect, which knows how pg itself reads its settings. */
export function clientOf(config: pg.ClientConfig): pg.Client {
  try {
    return new pg.Client(config);
  } catch {
    // A certificate's file that is not there stops pg from reading the address at all.
    const url = new URL(config.connectionString ?? '');
    url.search = '';
    return new pg.Client({ ...config, connectionString: url.href });
  }
}
