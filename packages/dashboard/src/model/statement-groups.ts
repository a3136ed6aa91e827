import type { StatementStats } from '../wire.ts';

/** Lists of any length are one statement to whoever reads them, though each length has a plan of its own. */
export function groupStatements(statements: readonly StatementStats[]): StatementStats[] {
  const groups = new Map<string, StatementStats>();
  for (const one of statements) {
    const statement = withoutLengths(one.statement);
    const before = groups.get(statement);
    const executions = one.executions + (before?.executions ?? 0);
    const totalMillis = one.totalMillis + (before?.totalMillis ?? 0);
    groups.set(statement, {
      ...one,
      statement,
      executions,
      totalMillis,
      meanMillis: executions === 0 ? 0 : totalMillis / executions,
      maxMillis: Math.max(one.maxMillis, before?.maxMillis ?? 0),
      errors: one.errors + (before?.errors ?? 0),
    });
  }
  return [...groups.values()].sort((a, b) => b.totalMillis - a.totalMillis);
}

/** Of a list only that it is one; of the parameters behind it, which are counted on, no number. */
function withoutLengths(statement: string): string {
  const at = statement.search(/\bIN \((\$\d+|\?)(,|\)|…)/);
  if (at < 0) return statement;
  const list = /\bIN \((?:(?:\$\d+|\?),?\s?)+(\)|…|$)/g;
  const rest = statement.slice(at).replace(list, 'IN (…)').replace(/\$\d+/g, '?');
  return statement.slice(0, at) + rest;
}
