import type { PoolReader } from '../../configuration/facts.ts';
import { defineRule } from '../rule.ts';

/** What Prisma 6 reads in the address and neither Prisma 7's adapter nor pg's pool does. */
const IGNORED: Readonly<Record<string, string>> = {
  connection_limit: 'max',
  pool_timeout: 'connectionTimeoutMillis',
  connect_timeout: 'connectionTimeoutMillis',
  socket_timeout: 'statement_timeout',
  max_idle_connection_lifetime: 'idleTimeoutMillis',
  max_connection_lifetime: 'maxLifetimeSeconds',
  pgbouncer: '',
  statement_cache_size: '',
  prepared_statements: '',
  schema: 'schema, the adapter’s second argument',
  max: 'max',
  connectionTimeoutMillis: 'connectionTimeoutMillis',
  idleTimeoutMillis: 'idleTimeoutMillis',
};
/** Those that nothing takes the place of, and nothing needs: pg prepares nothing by itself. */
const WITHOUT_EFFECT = new Set(['pgbouncer', 'statement_cache_size', 'prepared_statements']);

export const ignoredParameters = defineRule({
  id: 'ignored-parameters',
  source: 'configuration',
  finds: 'Parameters of the address that the installed Prisma or pg does not read.',
  why: 'Since version 7 Prisma leaves the pool to pg, which ignores them without a word: ten connections however few were asked for, and no bound on the wait.',
  severities: ['warning', 'info'],
  needs: ['configuration'],
  thresholds: {},
  ignores: 'parameters',
  find({ configuration }, _, isIgnored) {
    const { reader, versions } = configuration.project;
    if (reader !== 'prisma-adapter' && reader !== 'pg') return [];
    const ignored = Object.keys(configuration.parameters).filter(
      (name) => name in IGNORED && !isIgnored(name),
    );
    if (ignored.length === 0) return [];
    const who =
      reader === 'pg'
        ? `pg ${versions.pg}`
        : `Prisma ${versions['@prisma/client']} with @prisma/adapter-pg`;
    const matters = ignored.filter((name) => !WITHOUT_EFFECT.has(name));
    return [
      {
        severity: matters.length > 0 ? 'warning' : 'info',
        title: `${who} ignores ${ignored.join(', ')} of ${configuration.origin}`,
        evidence: ignored.map((name) => `${name}=${configuration.parameters[name]}: no effect`),
        subjects: ignored,
        remedies: remedies(reader, matters, configuration.parameters),
      },
    ];
  },
});

function remedies(
  reader: PoolReader,
  names: readonly string[],
  parameters: Readonly<Record<string, string>>,
) {
  const options = new Map<string, string>();
  for (const name of names) {
    const option = IGNORED[name];
    const value = Number(parameters[name]);
    if (!option || name === 'schema' || !Number.isFinite(value)) continue;
    const isSeconds = /_(timeout|lifetime)$/.test(name) && name !== 'max_connection_lifetime';
    if (!options.has(option)) options.set(option, String(isSeconds ? value * 1_000 : value));
  }
  const inCode = [
    'connectionString: process.env.DATABASE_URL',
    ...[...options].map(([name, value]) => `${name}: ${value}`),
  ].join(', ');
  const schema = names.includes('schema')
    ? `, { schema: '${parameters.schema?.replaceAll("'", "\\'")}' }`
    : '';
  const lifeguard =
    reader === 'pg'
      ? {
          title: 'Take a pool that reads them',
          language: 'ts' as const,
          code: "import { Pool } from '@lifeguard/pool';",
        }
      : {
          title: 'Take an adapter that reads them',
          language: 'ts' as const,
          code: "import { lifeguard } from '@lifeguard/prisma';\n\nexport const db = lifeguard({ url: process.env.DATABASE_URL });\nexport const prisma = new PrismaClient({ adapter: db.adapter }).$extends(db.extension);",
        };
  const own = reader === 'pg' ? `new Pool({ ${inCode} })` : `new PrismaPg({ ${inCode} }${schema})`;
  return names.length > 0
    ? [lifeguard, { title: 'Or give them in code', language: 'ts' as const, code: own }]
    : [{ title: 'Take them out: they do nothing, and nothing needs them' }];
}
