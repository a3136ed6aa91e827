import type { StatementStats } from '../wire.ts';

/** Lists of any length are one statement to whoever reads them, though each length has a plan of its own. */
export function groupStatements(statements: readonly StatementStats[]): StatementStats[] {
  const groups = new Map<string, StatementStats>();
  const texts = statements.map(({ statement }) => readable(statement));
  for (const [i, one] of statements.entries()) {
    const text = texts[i] as string;
    const statement = one.statement.endsWith('…') ? wholeOf(text, texts) : text;
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

/** A long list leaves no room for the end of its statement: the same with a shorter one has it. */
function wholeOf(text: string, texts: readonly string[]): string {
  if (!text.includes('IN (…)')) return text;
  const beginning = text.replace(/…$/, '');
  return texts.find((other) => other !== text && other.startsWith(beginning)) ?? text;
}

/** Of a list only that it is one; of the parameters behind it, which are counted on, no number. */
export function readable(statement: string): string {
  const at = statement.search(/\bIN \((\$\d+|\?)(,|\)|…)/);
  if (at < 0) return statement;
  const list = /\bIN \((?:(?:\$\d+|\?),?\s?)+(\)|…|$)/g;
  const rest = statement.slice(at).replace(list, 'IN (…)').replace(/\$\d+/g, '?');
  return statement.slice(0, at) + rest;
}
