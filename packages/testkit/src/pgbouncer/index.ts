export { PGBOUNCER_LIMIT_MILLIS, PgBouncer, startPgBouncer } from './pgbouncer.ts';
export type { PgBouncerOptions, PgBouncerUser } from './settings.ts';
