export { DEBIAN_POSTGRES_LIMIT_MILLIS } from './debian-postgres.ts';
export type { StopMode } from './messages.ts';
export {
  type PostgresOptions,
  PostgresServer,
  type StandbyOptions,
  startPostgres,
} from './server.ts';
export * from './tls.ts';
