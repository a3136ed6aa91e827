const SCHEMES = new Set(['postgres', 'postgresql', 'pg', 'socket']);

const POSTGRES_URL = 'give a URL that begins with postgresql://';

/** Schemes that people have in DATABASE_URL and that cannot lead to a PostgreSQL server. */
const foreignSchemes: ReadonlyMap<string, string> = new Map([
  ['prisma', "is an address of Prisma Accelerate: give the database's own postgresql:// URL"],
  [
    'prisma+postgres',
    "is an address of Prisma's service: give the database's own postgresql:// URL",
  ],
  ['jdbc', "is a JDBC address: leave out 'jdbc:'"],
  ['file', `is an address of SQLite: ${POSTGRES_URL}`],
  ['sqlite', `is an address of SQLite: ${POSTGRES_URL}`],
  ['mysql', `is an address of MySQL: ${POSTGRES_URL}`],
  ['mariadb', `is an address of MariaDB: ${POSTGRES_URL}`],
  ['mongodb', `is an address of MongoDB: ${POSTGRES_URL}`],
  ['mongodb+srv', `is an address of MongoDB: ${POSTGRES_URL}`],
  ['sqlserver', `is an address of SQL Server: ${POSTGRES_URL}`],
  ['http', `is an address of a web server: ${POSTGRES_URL}`],
  ['https', `is an address of a web server: ${POSTGRES_URL}`],
]);

/** What node-postgres takes for a database on this machine, and shows, when the slashes are forgotten. */
const NEEDS_SLASHES = new Set(['postgres', 'postgresql', 'pg']);

/** Refuses the scheme of another product; returns warnings about one that is merely unusual. */
export function checkScheme(scheme: string, fail: (reason: string) => Error): string[] {
  const name = scheme.slice(0, scheme.indexOf(':')).toLowerCase();
  const foreign = foreignSchemes.get(name);
  if (foreign !== undefined) throw fail(foreign);
  if (NEEDS_SLASHES.has(name) && !scheme.endsWith('//')) {
    throw fail(`has no // behind its scheme: ${POSTGRES_URL}`);
  }
  if (SCHEMES.has(name)) return [];
  // Not quoted: without a scheme in front, this is a user name or part of a password.
  if (!scheme.endsWith('//')) throw fail(`is not a PostgreSQL URL: ${POSTGRES_URL}`);
  return ['has an unknown scheme, which node-postgres ignores; begin it with postgresql://'];
}
