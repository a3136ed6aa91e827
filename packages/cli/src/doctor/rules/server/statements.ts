import { cut, duration, grouped, millis, plural, share } from '../../../terminal/words.ts';
import type { StatementFact } from '../../server/facts.ts';
import { planOf } from '../../sql/plan-of.ts';
import { defineRule } from '../rule.ts';

const LENGTH = 140;
const MOST = 5;

export const slowStatements = defineRule({
  id: 'slow-statements',
  source: 'server',
  finds: 'Statements that are slow and frequent, by the connections that they keep busy.',
  why: 'Calls a second × seconds a call is the number of connections that a statement keeps busy on average, in all pools together. Halving it gives as much room as more connections would.',
  severities: ['warning', 'info'],
  needs: ['statements'],
  uses: ['identity'],
  thresholds: {
    meanMillis: { value: 20, unit: 'ms', means: 'on average', source: 'PgHero' },
    calls: { value: 100, unit: 'calls', means: 'at least', source: 'PgHero' },
    warnMillis: {
      value: 100,
      unit: 'ms',
      means: 'on average is a warning, with the share below',
      source: 'ours: ten a second keep a connection busy',
    },
    warnPercent: {
      value: 10,
      unit: '%',
      means: 'of all time that statements take is a warning, with the mean above',
      source: 'ours',
    },
  },
  find({ statements: facts, identity }, { meanMillis, calls, warnMillis, warnPercent }) {
    if (facts.kind !== 'seen') return [];
    const slow = facts.statements
      .filter((one) => one.meanMillis >= meanMillis && one.calls >= calls && isQuery(one))
      .sort((a, b) => b.totalMillis - a.totalMillis);
    const [worst] = slow;
    if (!worst) return [];
    const isHeavy = slow.some(
      (one) =>
        one.meanMillis >= warnMillis && (100 * one.totalMillis) / facts.allMillis >= warnPercent,
    );
    const told = slow
      .slice(0, MOST)
      .map(
        (one) =>
          `${millis(one.meanMillis)} × ${grouped(one.calls)} calls, ${share(one.totalMillis, facts.allMillis)} of all time${busy(one, facts.age)}: ${cut(one.text, LENGTH)}`,
      );
    return [
      {
        severity: isHeavy ? 'warning' : 'info',
        title: `${plural(slow.length, 'statement is', 'statements are')} slow and frequent; the worst takes ${millis(worst.meanMillis)} and ${share(worst.totalMillis, facts.allMillis)} of all time`,
        evidence:
          slow.length > MOST ? [...told, `and ${slow.length - MOST} statements more`] : told,
        remedies: [planOf(worst, identity?.versionNumber ?? 0)],
      },
    ];
  },
});

export const frequentStatements = defineRule({
  id: 'frequent-statements',
  source: 'server',
  finds: 'One statement that is most of all calls.',
  why: 'Usually a row loaded in a loop (N+1), or a session looked up at every request. Each call is a round trip with a connection in hand.',
  severities: ['info'],
  needs: ['statements'],
  thresholds: {
    percent: { value: 33, unit: '%', means: 'of all calls', source: 'ruby-pg-extras, for time' },
    calls: { value: 10_000, unit: 'calls', means: 'at least', source: 'ours' },
  },
  find({ statements: facts }, { percent, calls }) {
    if (facts.kind !== 'seen') return [];
    const [most] = [...facts.statements].filter(isQuery).sort((a, b) => b.calls - a.calls);
    if (!most || most.calls < calls || (100 * most.calls) / facts.allCalls < percent) return [];
    return [
      {
        severity: 'info',
        title: `One statement is ${share(most.calls, facts.allCalls)} of all calls`,
        evidence: [
          `${grouped(most.calls)} calls of ${millis(most.meanMillis)}${facts.age === null ? '' : ` in ${duration(facts.age)}`}: ${cut(most.text, LENGTH)}`,
        ],
        remedies: [
          {
            title:
              'Load the rows together (include, where: { id: { in: … } }), or keep the answer for some seconds: cache and sessionGuard of @lifeguard/guard',
          },
        ],
      },
    ];
  },
});

export const noStatementStatistics = defineRule({
  id: 'no-statement-statistics',
  source: 'server',
  finds: 'A server without pg_stat_statements.',
  why: 'Without it nobody knows which statements hold the connections.',
  severities: ['info'],
  needs: ['statements'],
  thresholds: {},
  find({ statements }) {
    if (statements.kind === 'seen') return [];
    const preload = `-- postgresql.conf, then restart (a hosted server: in its console)\nshared_preload_libraries = 'pg_stat_statements'`;
    const isPreloaded = statements.kind === 'not-created' && statements.isPreloaded === true;
    const create = 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements;';
    return [
      {
        severity: 'info',
        title: 'pg_stat_statements is not there: slow statements can’t be told',
        evidence: [
          isPreloaded
            ? 'its library is loaded, the extension is not created in this database'
            : statements.kind === 'not-preloaded'
              ? 'the extension is created, its library is not loaded'
              : 'neither its library is known to be loaded, nor is the extension created',
        ],
        remedies: [
          {
            title: 'Enable it (costs a percent or so)',
            language: 'sql',
            code: isPreloaded
              ? create
              : statements.kind === 'not-preloaded'
                ? preload
                : `${preload}\n\n${create}`,
          },
        ],
      },
    ];
  },
});

/** Connections busy with it, on average. */
function busy({ totalMillis }: StatementFact, age: number | null): string {
  const connections = age ? totalMillis / 1_000 / age : 0;
  return connections >= 0.1 ? `, ${connections.toFixed(1)} connections busy` : '';
}

/** Not what makes and fills tables. */
export function isQuery({ text }: StatementFact): boolean {
  return /^\s*(select|with|insert|update|delete|merge|values|table)\b/i.test(text);
}
