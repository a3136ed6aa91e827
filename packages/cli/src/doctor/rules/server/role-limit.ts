import { share } from '../../../terminal/words.ts';
import { quoteName } from '../../sql/names.ts';
import { defineRule } from '../rule.ts';

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

interface Limited {
  readonly name: string;
  readonly limit: number;
  readonly used: number;
}

export const roleLimit = defineRule({
  id: 'role-limit',
  source: 'server',
  finds: 'Roles that come near their CONNECTION LIMIT, and a plan that does not fit in it.',
  why: WHY,
  severities: ['critical', 'warning'],
  needs: ['roles', 'sessions'],
  uses: ['plan', 'identity'],
  thresholds: THRESHOLDS,
  find({ roles, sessions, plan, identity }, { warnPercent, criticalPercent }) {
    return roles
      .filter(({ connectionLimit }) => connectionLimit >= 0)
      .flatMap(({ name, connectionLimit: limit }) => {
        const used = sessions.filter(({ user }) => user === name).length;
        const planned = identity?.user === name ? plan?.connections : undefined;
        return judge({ name, limit, used }, planned, 'Role', warnPercent, criticalPercent).map(
          (draft) => ({
            ...draft,
            remedies: [
              {
                title:
                  'Lower connection_limit of the pools, or raise the role’s limit if the server has room',
                language: 'sql' as const,
                code: `ALTER ROLE ${quoteName(name)} CONNECTION LIMIT ${Math.max(planned ?? 0, limit * 2)};`,
              },
            ],
          }),
        );
      });
  },
});

export const databaseLimit = defineRule({
  id: 'database-limit',
  source: 'server',
  finds: 'Databases that come near their CONNECTION LIMIT, and a plan that does not fit in it.',
  why: WHY,
  severities: ['critical', 'warning'],
  needs: ['databases', 'sessions'],
  uses: ['plan', 'identity'],
  thresholds: THRESHOLDS,
  find({ databases, sessions, plan, identity }, { warnPercent, criticalPercent }) {
    return (
      databases
        // -2 marks a database that is not usable at all.
        .filter(({ connectionLimit }) => connectionLimit >= 0)
        .flatMap(({ name, connectionLimit: limit }) => {
          const used = sessions.filter(({ database }) => database === name).length;
          const planned = identity?.database === name ? plan?.connections : undefined;
          return judge(
            { name, limit, used },
            planned,
            'Database',
            warnPercent,
            criticalPercent,
          ).map((draft) => ({
            ...draft,
            remedies: [
              {
                title:
                  'Lower connection_limit of the pools, or raise the database’s limit if the server has room',
                language: 'sql' as const,
                code: `ALTER DATABASE ${quoteName(name)} CONNECTION LIMIT ${Math.max(planned ?? 0, limit * 2)};`,
              },
            ],
          }));
        })
    );
  },
});

function judge(
  { name, limit, used }: Limited,
  planned: number | undefined,
  what: string,
  warnPercent: number,
  criticalPercent: number,
) {
  const percent = limit > 0 ? (100 * used) / limit : 100;
  const doesNotFit = planned !== undefined && planned > limit;
  if (percent < warnPercent && !doesNotFit) return [];
  const isCritical = percent >= criticalPercent || doesNotFit;
  return [
    {
      severity: isCritical ? ('critical' as const) : ('warning' as const),
      title: doesNotFit
        ? `${what} ${name} may have ${limit} connections, and the plan needs ${planned}`
        : `${what} ${name} uses ${used} of its ${limit} connections (${share(used, limit)})`,
      evidence: [`CONNECTION LIMIT ${limit}, ${used} in use`],
      subjects: [name],
    },
  ];
}
