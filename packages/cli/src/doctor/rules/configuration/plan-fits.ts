import { busyConnections, type Plan, SAFE_SHARE } from '../../../plan/plan.ts';
import { share } from '../../../terminal/words.ts';
import { capacityOf, fitOf } from '../capacity.ts';
import { defineRule } from '../rule.ts';
import { connections } from '../tell.ts';

export const planExceedsServer = defineRule({
  id: 'plan-exceeds-server',
  source: 'configuration',
  finds:
    'Whether all instances together fit in what the server offers besides what others use: instances × limit × overlap during a deploy.',
  why: 'It works until the day when all pools are full, or a deploy has old and new instances at once; then logins fail with 53300 in all of them.',
  severities: ['critical', 'warning'],
  needs: ['plan', 'settings', 'sessions', 'configuration'],
  uses: ['pooler'],
  thresholds: {
    warnPercent: {
      value: 100 * SAFE_SHARE,
      unit: '%',
      means: 'of what the server offers is a warning',
      source: 'the 70–80 % rule',
    },
    criticalPercent: {
      value: 100,
      unit: '%',
      means: 'of what the server offers is critical',
      source: 'PostgreSQL: more there is not',
    },
  },
  find({ plan, settings, sessions, configuration, pooler }, { warnPercent, criticalPercent }) {
    // Behind a pooler the clients' number is its business: see pooler-limits.
    if (pooler) return [];
    const capacity = capacityOf(settings, sessions);
    const fit = fitOf(plan, capacity, sessions, configuration);
    const percent = 100 * fit.share;
    if (percent < warnPercent) return [];
    const room = Math.max(
      1,
      Math.floor((capacity.usable * SAFE_SHARE - fit.others) / (plan.instances * plan.overlap)),
    );
    const fits = plan.instances * plan.overlap * room + fit.others <= capacity.usable * SAFE_SHARE;
    return [
      {
        severity: percent > criticalPercent ? 'critical' : 'warning',
        title: `The plan needs ${plan.connections} connections, the server has ${Math.max(0, capacity.usable - fit.others)} for it`,
        evidence: [
          tellPlan(plan),
          `max_connections ${capacity.max} − ${capacity.reserved} reserved − ${fit.others} in use by others = ${capacity.usable - fit.others}`,
          `together ${share(fit.wanted, capacity.usable)} of what the server offers`,
        ],
        remedies: fits
          ? [
              {
                title: `${connections(room)} for each instance fit with a fifth to spare`,
                language: 'url',
                code: `?connection_limit=${room}`,
              },
            ]
          : [
              {
                title:
                  'Not even one connection for each instance fits: put PgBouncer in transaction mode in between, and let the instances connect to it',
                language: 'url',
                code: '?pgbouncer=true',
              },
            ],
      },
    ];
  },
});

export function tellPlan({
  instances,
  instancesGiven,
  limit,
  limitOrigin,
  overlap,
  connections: all,
}: Plan): string {
  const counted = instancesGiven
    ? `${instances} ${instances === 1 ? 'instance' : 'instances'}`
    : '1 instance (say --instances for more)';
  const deploy = overlap === 1 ? '' : ` × ${overlap} during a deploy`;
  return `${counted} × ${limit} (${limitOrigin})${deploy} = ${all}`;
}

export const limitAboveFormula = defineRule({
  id: 'limit-above-formula',
  source: 'configuration',
  finds: 'A limit far above what keeps a server busy: cores × 2 + 1 of the database’s machine.',
  why: 'More connections than the server has cores to serve them wait inside the server, where nobody sees them and nothing bounds the wait; in the pool’s queue they wait in order, with a bound.',
  severities: ['warning'],
  needs: ['configuration', 'plan'],
  uses: ['databaseCores'],
  thresholds: {
    times: {
      value: 4,
      unit: 'times',
      means: 'the formula for all instances together, where --db-cores is given',
      source: 'ours, on HikariCP’s formula',
    },
    connections: {
      value: 50,
      unit: 'connections',
      means: 'for one instance, where the cores are not known',
      source: 'HikariCP’s formula for 24 cores',
    },
  },
  find({ configuration: { pool, origin }, plan, databaseCores }, limits) {
    const { value: max, origin: limitOrigin } = pool.max;
    const formula = databaseCores === undefined ? undefined : busyConnections(databaseCores);
    const together = plan.instances * max;
    const isFar =
      formula === undefined ? max > limits.connections : together > formula * limits.times;
    if (!isFar) return [];
    const suggested =
      formula === undefined ? 10 : Math.max(1, Math.floor(formula / plan.instances));
    return [
      {
        severity: 'warning',
        title:
          formula === undefined
            ? `${max} connections for one instance`
            : `${together} connections for a server that ${formula} keep busy`,
        evidence: [
          `${max} from ${limitOrigin}`,
          ...(formula === undefined
            ? []
            : [
                `${databaseCores} cores × 2 + 1 = ${formula}; ${plan.instances} × ${max} = ${together}`,
              ]),
        ],
        remedies: [
          {
            title: `Fewer in ${origin}; the shared lane of @lifeguard/pool does the work of many with them`,
            language: 'url',
            code: `?connection_limit=${suggested}`,
          },
        ],
      },
    ];
  },
});

export const limitOfOne = defineRule({
  id: 'limit-of-one',
  source: 'configuration',
  finds: 'A limit of one connection, outside of serverless functions.',
  why: 'One slow statement stops everything, and a transaction that asks for a second connection waits for itself: it takes at least callers × (connections each holds − 1) + 1.',
  severities: ['warning'],
  needs: ['configuration'],
  thresholds: {},
  find({ configuration }) {
    const { pool, platform } = configuration;
    if (pool.max.value !== 1 || platform) return [];
    return [
      {
        severity: 'warning',
        title: 'One connection for everything',
        evidence: [`${pool.max.value} from ${pool.max.origin}`],
        remedies: [
          {
            title: 'Three at least: from there on @lifeguard/pool keeps one for short statements',
            language: 'url',
            code: '?connection_limit=5',
          },
        ],
      },
    ];
  },
});
