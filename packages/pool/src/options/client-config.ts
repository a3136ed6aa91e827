import type { ClientConfig } from 'pg';
import { guardSecrets } from './redact.ts';
import type { ResolvedOptions } from './types.ts';

/** What one pg.Client is made of: pg's own connection limit is here the connect time, not the wait. */
export function clientConfig({
  pgConfig,
  options,
}: Pick<ResolvedOptions, 'pgConfig' | 'options'>): ClientConfig {
  const config: ClientConfig = {
    ...pgConfig,
    connectionTimeoutMillis: options.connectTimeoutMillis,
  };
  if (pgConfig.password !== undefined) config.password = pgConfig.password;
  return guardSecrets(config);
}
