import { dirname } from 'node:path';
import { findProgram, INSTALL_LIMIT_MILLIS } from '../debian/find-program.ts';

const START_LIMIT_MILLIS = 60_000;
/** What startPostgres({ version: 15 }) may take where it has to be installed first: for the hook that calls it. */
export const DEBIAN_POSTGRES_LIMIT_MILLIS = INSTALL_LIMIT_MILLIS + START_LIMIT_MILLIS;

/**
 * The folder of Debian's PostgreSQL with its `bin`; with all of its programs, also pg_resetwal and pg_basebackup.
 *
 * @throws when it is missing and can't be installed.
 */
export async function findDebianPostgres(version: 15): Promise<string> {
  const initdb = await findProgram({
    program: `/usr/lib/postgresql/${version}/bin/initdb`,
    package: `postgresql-${version}`,
    elsewhere: `brew install postgresql@${version}`,
  });
  return dirname(dirname(initdb));
}
