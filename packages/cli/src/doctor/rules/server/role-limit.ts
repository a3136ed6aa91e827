import { type Plan, SAFE_SHARE } from '../../../plan/plan.ts';
import { share } from '../../../terminal/words.ts';
import type { Remedy } from '../../report/finding.ts';
import { quoteName } from '../../sql/names.ts';
import { type Draft, defineRule } from '../rule.ts';

const THRESHOLDS = {
  warnPercent: {
    value: 80,
    unit: '%',
    means: 'a warning from here on',
    source: 'the 70–80 % rule',
  },
  criticalPercent: {
    value: 100,
    unit: '%',
    means: 'critical from here on',
    source: 'PostgreSQL: none is left',
  },
} as const;

const WHY = 'Beyond this limit logins fail with 53300, however much room the server has.';

export const roleLimit = defineRule({
  id: 'role-limit',
  source: 'server',
  finds: 'Roles that come near their CONNECTION LIMIT, and a plan that does not fit in it.',
  why: WHY,
  severities: ['critical', 'warning'],
  needs: ['roles', 'sessions'],
  uses: ['plan', 'configuration', 'settings', 'pooler'],
  thresholds: THRESHOLDS,
  find({ roles, sessions, plan, configuration, settings, pooler }, limits) {
    return roles.flatMap(({ name, connectionLimit }) =>
      judge({
        what: 'role',
        name,
        limit: connectionLimit,
        used: sessions.filter(({ user }) => user === name).length,
        plan: !pooler && configuration?.user === name ? plan : undefined,
        serverMax: settings?.maxConnections,
        ...limits,
      }),
    );
  },
});

export const databaseLimit = defineRule({
  id: 'database-limit',
  source: 'server',
  finds: 'Databases that come near their CONNECTION LIMIT, and a plan that does not fit in it.',
  why: WHY,
  severities: ['critical', 'warning'],
  needs: ['databases', 'sessions'],
  uses: ['plan', 'configuration', 'settings', 'pooler'],
  thresholds: THRESHOLDS,
  find({ databases, sessions, plan, configuration, settings, pooler }, limits) {
    return databases.flatMap(({ name, connectionLimit }) =>
      judge({
        what: 'database',
        name,
        limit: connectionLimit,
        used: sessions.filter(({ database }) => database === name).length,
        plan: !pooler && configuration?.database === name ? plan : undefined,
        serverMax: settings?.maxConnections,
        ...limits,
      }),
    );
  },
});

interface Limited {
  readonly what: 'role' | 'database';
  readonly name: string;
  readonly limit: number;
  readonly used: number;
  /** Where the application is one of its users, with no pooler in between to bound it. */
  readonly plan: Plan | undefined;
  readonly serverMax: number | undefined;
  readonly warnPercent: number;
  readonly criticalPercent: number;
}

function judge(limited: Limited): Draft[] {
  const { what, name, limit, used, plan, warnPercent, criticalPercent } = limited;
  // -1 is none; -2 marks a database that is not usable at all.
  if (limit < 0) return [];
  const percent = limit > 0 ? (100 * used) / limit : 100;
  const planned = plan && plan.connections > limit ? plan : undefined;
  if (percent < warnPercent && !planned) return [];
  const title = planned
    ? `may have ${limit} connections, and the plan needs ${planned.connections}`
    : `uses ${used} of its ${limit} connections (${share(used, limit)})`;
  return [
    {
      severity: percent >= criticalPercent || planned ? 'critical' : 'warning',
      title: `${what === 'role' ? 'Role' : 'Database'} ${name} ${title}`,
      evidence: [`CONNECTION LIMIT ${limit}, ${used} in use`],
      subjects: [name],
      remedies: remediesOf(limited),
    },
  ];
}

/** Fewer connections of each instance always help; a higher limit only where the server has them. */
function remediesOf({ what, name, limit, plan, serverMax = Infinity }: Limited): Remedy[] {
  const fitting = plan && Math.floor((limit * SAFE_SHARE) / (plan.instances * plan.overlap));
  const higher = Math.max(plan ? Math.ceil(plan.connections / SAFE_SHARE) : 0, limit * 2);
  const sql = `ALTER ${what.toUpperCase()} ${quoteName(name)} CONNECTION LIMIT ${higher};`;
  return [
    fitting
      ? {
          title: `${fitting} for each instance fit with a fifth to spare`,
          language: 'url',
          code: `?connection_limit=${fitting}`,
        }
      : { title: 'Lower connection_limit of the pools, or put PgBouncer in between' },
    ...(higher <= serverMax * SAFE_SHARE
      ? [
          {
            title: 'Or raise the limit: the server has the room',
            language: 'sql' as const,
            code: sql,
          },
        ]
      : []),
  ];
}
