export {
  PGBOUNCER_LIMIT_MILLIS,
  PgBouncer,
  startPgBouncer,
  startWrittenPgBouncer,
} from './pgbouncer.ts';
export type { PgBouncerOptions, PgBouncerUser, PgBouncerVersion } from './settings.ts';
