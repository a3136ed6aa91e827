import type { Pool } from '@lifeguard/pool';
import { digest } from './key.ts';

/** As much as pg tells of where it connects to. */
interface Client {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly connectionParameters: { readonly options?: string };
}

/**
 * A name for what a pool reads from: who has the same may have the same answers. The user belongs to it, since
 * row level security may show each another part.
 */
export function databaseOf(pool: Pool, schema: string | undefined): string {
  const { Client, options } = pool as unknown as {
    readonly Client: new (config: unknown) => Client;
    readonly options: unknown;
  };
  const { host, port, database, user, connectionParameters } = new Client(options);
  const place = [host, port, database, user, schema ?? null, connectionParameters.options ?? null];
  return digest(JSON.stringify(place)).slice(0, 12);
}

/**
 * Whoever has replaced one of these sets the session up for each caller, for a tenant say: what one of them is
 * answered is not for the others.
 */
export function isSetUpByCaller(pool: Pool): boolean {
  return Object.hasOwn(pool, 'connect') || Object.hasOwn(pool, 'query');
}
