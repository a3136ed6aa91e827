export type { StopMode } from './messages.ts';
export { type PostgresOptions, PostgresServer, startPostgres } from './server.ts';
