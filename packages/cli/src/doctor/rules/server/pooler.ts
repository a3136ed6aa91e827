import { SAFE_SHARE } from '../../../plan/plan.ts';
import { plural } from '../../../terminal/words.ts';
import { quoteName } from '../../sql/names.ts';
import { capacityOf } from '../capacity.ts';
import { defineRule } from '../rule.ts';
import { firstOf, forHowLong } from '../tell.ts';

export const poolerQueue = defineRule({
  id: 'pooler-queue',
  source: 'server',
  finds: 'Clients that wait in the pooler for a connection to the server.',
  why: 'They hold a connection of their own pool meanwhile, and are refused at query_wait_timeout.',
  severities: ['critical', 'warning'],
  needs: ['pooler'],
  thresholds: {
    warnSeconds: { value: 1, unit: 's', means: 'of waiting is a warning', source: 'ours' },
    criticalSeconds: {
      value: 10,
      unit: 's',
      means: 'of waiting is critical',
      source: 'ours: the usual wait bound of a pool',
    },
  },
  find({ pooler }, { warnSeconds, criticalSeconds }) {
    const waiting = (pooler?.pools ?? [])
      .filter(({ clientsWaiting, longestWait }) => clientsWaiting > 0 && longestWait >= warnSeconds)
      .sort((a, b) => b.longestWait - a.longestWait);
    const [worst] = waiting;
    if (!pooler || !worst) return [];
    return [
      {
        severity: worst.longestWait >= criticalSeconds ? 'critical' : 'warning',
        title: `${plural(worst.clientsWaiting, 'client')} wait in the pooler for ${worst.database}, the longest for ${forHowLong(worst.longestWait)}`,
        evidence: firstOf(
          waiting,
          (pool) =>
            `${pool.database}/${pool.user}: ${pool.clientsWaiting} waiting, ${pool.clientsActive} served by ${pool.serversUsed} connections, ${pool.serversIdle} idle`,
          'pools more',
        ),
        remedies: [
          {
            title:
              'Find what holds its connections (idle in transaction, slow statements: see the other findings); then, if the server has room, give the pool more',
            language: 'ini',
            code: `default_pool_size = ${(pooler.settings?.poolSize ?? 20) * 2}`,
          },
        ],
      },
    ];
  },
});

export const poolerLimits = defineRule({
  id: 'pooler-limits',
  source: 'server',
  finds:
    'A pooler that takes fewer clients than are planned, or may open more connections than the server offers.',
  why: 'Clients beyond max_client_conn are refused at once; connections that the server does not have make all pools of the pooler wait.',
  severities: ['critical', 'warning'],
  needs: ['pooler', 'plan', 'settings', 'sessions'],
  thresholds: {
    percent: {
      value: 100 * SAFE_SHARE,
      unit: '%',
      means: 'of what the server offers may be the pooler’s',
      source: 'the 70–80 % rule',
    },
  },
  find({ pooler, plan, settings, sessions }, { percent }) {
    if (!pooler?.settings) return [];
    const { maxClients, poolSize, reservePoolSize, maxDatabaseConnections } = pooler.settings;
    const drafts = [];
    if (plan.connections > maxClients) {
      drafts.push({
        severity: 'critical' as const,
        title: `The pooler takes ${maxClients} clients, and the plan has ${plan.connections}`,
        evidence: [
          `max_client_conn ${maxClients}; ${plan.instances} instances × ${plan.limit} × ${plan.overlap} during a deploy`,
        ],
        remedies: [
          {
            title: 'Clients are cheap for PgBouncer: a few kilobytes each',
            language: 'ini' as const,
            code: `max_client_conn = ${Math.max(1_000, plan.connections * 2)}`,
          },
        ],
      });
    }
    const pools = Math.max(1, pooler.pools?.length ?? 1);
    const databases = new Set(pooler.pools?.map(({ database }) => database)).size || 1;
    const unbounded = (poolSize + reservePoolSize) * pools;
    const mayOpen = Math.min(unbounded, maxDatabaseConnections * databases || unbounded);
    const { usable } = capacityOf(settings, sessions);
    if (mayOpen > (usable * percent) / 100) {
      drafts.push({
        severity: mayOpen > usable ? ('critical' as const) : ('warning' as const),
        title: `The pooler may open ${mayOpen} of the ${usable} connections that the server offers`,
        evidence: [
          `${plural(pools, 'pool')} (database and user) × (default_pool_size ${poolSize} + reserve_pool_size ${reservePoolSize})${maxDatabaseConnections ? `, bounded by max_db_connections ${maxDatabaseConnections}` : ''}`,
        ],
        remedies: [
          {
            title: 'Bound all pools of a database together',
            language: 'ini' as const,
            code: `max_db_connections = ${Math.floor((usable * percent) / 100)}`,
          },
        ],
      });
    }
    return drafts;
  },
});

export const poolerSession = defineRule({
  id: 'pooler-session-mode',
  source: 'server',
  finds: 'A pooler in session mode.',
  why: 'Every client keeps a server connection for as long as it is connected: a pool before a pool, and nothing is shared.',
  severities: ['warning'],
  needs: ['pooler'],
  thresholds: {},
  find({ pooler }) {
    if (pooler?.mode !== 'session') return [];
    return [
      {
        severity: 'warning',
        title: 'The pooler is in session mode: it shares nothing',
        evidence: [
          `pool_mode session, default_pool_size ${pooler.settings?.poolSize ?? 'unknown'}: so many clients at once, the next one waits`,
        ],
        remedies: [
          {
            title:
              'Transaction mode (LISTEN, session advisory locks and SET need a direct connection)',
            language: 'ini',
            code: 'pool_mode = transaction',
          },
        ],
      },
    ];
  },
});

export const poolerRefusal = defineRule({
  id: 'pooler-refuses-parameter',
  source: 'server',
  finds: 'A pooler that refuses what the address sends at login.',
  why: 'No connection comes about at all, however often the pool tries.',
  severities: ['critical'],
  needs: ['pooler', 'configuration'],
  thresholds: {},
  find({ pooler, configuration: { origin, user, parameters } }) {
    const name = pooler?.refusedParameter;
    if (!name) return [];
    const setting = name === 'options' ? 'search_path' : name;
    const value = name === 'options' ? (parameters.schema ?? 'app') : (parameters[name] ?? '30s');
    return [
      {
        severity: 'critical',
        title: `The pooler refuses logins that send ${name}`,
        evidence: [
          `“unsupported startup parameter: ${name}”: every connect of the application fails; the doctor went on without`,
        ],
        remedies: [
          {
            title: `Take ${name} out of ${origin} and set it for the role`,
            language: 'sql',
            code: `ALTER ROLE ${quoteName(user)} SET ${setting} = '${value.replaceAll("'", "''")}';`,
          },
          {
            title: 'Or have PgBouncer ignore it (it then has no effect)',
            language: 'ini',
            code: `ignore_startup_parameters = ${name}`,
          },
        ],
      },
    ];
  },
});

export const poolerPrepared = defineRule({
  id: 'pooler-prepared-statements',
  source: 'server',
  finds: 'A pooler that does not know prepared statements, before a pool that makes them.',
  why: 'A statement prepared on one server connection is unknown on the next: “prepared statement … does not exist” or “… already exists”, at random and under load.',
  severities: ['warning', 'info'],
  needs: ['pooler', 'configuration'],
  thresholds: {},
  find({ pooler, configuration }) {
    if (!pooler || pooler.mode === 'session' || configuration.declaresPooler) return [];
    const prepares =
      configuration.project.reader === 'lifeguard' ||
      configuration.project.reader === 'prisma-engine';
    if ((pooler.maxPreparedStatements ?? 0) > 0) return [];
    return [
      {
        severity: prepares && pooler.mode !== null ? 'warning' : 'info',
        title: `${pooler.version ?? 'A pooler'} stands in between, and ${configuration.origin} does not say so`,
        evidence: [
          pooler.settings?.maxPreparedStatements === null
            ? 'max_prepared_statements unknown to this version'
            : pooler.maxPreparedStatements === null
              ? 'whether it knows prepared statements could not be seen'
              : `max_prepared_statements ${pooler.maxPreparedStatements}`,
        ],
        remedies: [
          {
            title: 'Say so in the address: nothing is prepared by name then',
            language: 'url',
            code: '?pgbouncer=true',
          },
        ],
      },
    ];
  },
});
