import type { EventEmitter } from 'node:events';
import { hearPooler } from '@lifeguard/pool';
import type pg from 'pg';

/** What a pooler says of itself at login. */
export interface PoolerGreeting {
  /** `PgBouncer 1.26.1`. */
  readonly version: string;
  readonly mode: 'session' | 'transaction' | 'statement';
  readonly maxPreparedStatements: number;
}

/**
 * Listens from before the login; call what comes back after it. PgBouncer says so since 1.26, others say nothing.
 */
export function listenForGreeting(client: pg.Client): () => PoolerGreeting | undefined {
  const heard = hearPooler((client as unknown as { connection: EventEmitter }).connection);
  return () => {
    const said = heard();
    const version = said.get('version');
    if (version === undefined) return undefined;
    return {
      version: `PgBouncer ${version}`,
      mode: said.get('pool_mode') as PoolerGreeting['mode'],
      maxPreparedStatements: Number(said.get('max_prepared_statements')),
    };
  };
}
