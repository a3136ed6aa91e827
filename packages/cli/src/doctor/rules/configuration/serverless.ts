import type { ConfigurationFacts } from '../../configuration/facts.ts';
import { defineRule } from '../rule.ts';

/** What poolers of hosts are known by: their names, or PgBouncer's and Supavisor's ports. */
const POOLER_HOST = /-pooler\.|\.pooler\.|pgbouncer|\.proxy-/i;
const POOLER_PORTS = new Set([6432, 6543]);

export const serverlessDirect = defineRule({
  id: 'serverless-without-pooler',
  source: 'configuration',
  finds: 'Serverless functions that connect to the server itself, or with many connections each.',
  why: 'The platform starts a process for every request at once, each with a pool of its own: a burst of a hundred opens a hundred times the limit. Only a pooler in between bounds that.',
  severities: ['warning'],
  needs: ['configuration'],
  uses: ['pooler'],
  thresholds: {
    connections: {
      value: 3,
      unit: 'connections',
      means: 'for one function are enough',
      source: 'ours: one request at a time needs one or two',
    },
  },
  find({ configuration, pooler }, { connections }) {
    const { platform, pool, origin } = configuration;
    if (!platform) return [];
    const isDirect = !isPooled(configuration) && !pooler;
    const isWide = pool.max.value > connections;
    if (!isDirect && !isWide) return [];
    return [
      {
        severity: 'warning',
        title: isDirect
          ? `Functions on ${platform.name} connect to the server without a pooler`
          : `Every function on ${platform.name} may open ${pool.max.value} connections`,
        evidence: [
          `${platform.name}: ${platform.sign}`,
          ...(isDirect
            ? [
                `${configuration.host}:${configuration.port} in ${origin} looks like the server itself`,
              ]
            : []),
          `${pool.max.value} connections for each function, from ${pool.max.origin}`,
        ],
        remedies: [
          {
            title:
              'The pooler’s address (Neon: the host with -pooler; Supabase: port 6543; elsewhere PgBouncer), few connections, and the direct one for migrations',
            language: 'sh',
            code: 'DATABASE_URL="postgresql://…@…-pooler…/shop?pgbouncer=true&connection_limit=2"\nDIRECT_URL="postgresql://…@…/shop"',
          },
        ],
      },
    ];
  },
});

/** As far as the address tells. */
export function isPooled({ host, port, declaresPooler }: ConfigurationFacts): boolean {
  return declaresPooler || POOLER_HOST.test(host) || POOLER_PORTS.has(port);
}

export const noDirectUrl = defineRule({
  id: 'no-direct-url',
  source: 'configuration',
  finds: 'An address through a pooler, and none that goes around it.',
  why: 'Migrations, LISTEN and advisory locks need a session of their own; through a pooler in transaction mode they fail or lock nothing.',
  severities: ['info'],
  needs: ['configuration'],
  uses: ['pooler'],
  thresholds: {},
  find({ configuration, pooler }) {
    const pooled = isPooled(configuration) || Boolean(pooler);
    if (!pooled || configuration.directUrl) return [];
    return [
      {
        severity: 'info',
        title: 'No direct address besides the pooler’s',
        evidence: [`${configuration.origin} leads through a pooler; DIRECT_URL is not set`],
        remedies: [
          {
            title: 'For migrations',
            language: 'sh',
            code: 'DIRECT_URL="postgresql://…@server:5432/shop"',
          },
        ],
      },
    ];
  },
});

export const poolerNotThere = defineRule({
  id: 'pooler-not-there',
  source: 'configuration',
  finds: 'An address that says pgbouncer=true and leads to the server itself.',
  why: 'Prepared statements are given up for nothing, and migrations take the pooler’s restrictions.',
  severities: ['info'],
  needs: ['configuration', 'pooler'],
  thresholds: {},
  find({ configuration: { declaresPooler, parameters, origin }, pooler }) {
    if (!declaresPooler || pooler !== null || parameters.pgbouncer === undefined) return [];
    return [
      {
        severity: 'info',
        title: 'pgbouncer=true, and no pooler in between',
        evidence: [`${origin} was answered by the server itself`],
        remedies: [{ title: 'Take pgbouncer=true out, or give the pooler’s address' }],
      },
    ];
  },
});
