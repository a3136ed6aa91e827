import { cut } from '../../terminal/words.ts';
import type { Remedy } from '../report/finding.ts';
import type { StatementFact } from '../server/facts.ts';

const GENERIC_PLAN_SINCE = 160_000;
const LENGTH = 400;

/**
 * How to see a statement's plan. The server knows it without its values: planned for any, it is not run,
 * whatever it would change.
 */
export function planOf(
  { text, whole }: StatementFact,
  versionNumber: number,
): Pick<Remedy, 'title' | 'language' | 'code'> {
  const look = 'a “Seq Scan”, many “Rows Removed by Filter”, estimates that are far off';
  if (whole === null) {
    return {
      title: `See its plan, with real values in the places of ? and $1; one that writes runs, too: ${look}`,
      language: 'sql',
      code: `EXPLAIN (ANALYZE, BUFFERS)\n${cut(text, LENGTH)};`,
    };
  }
  const code =
    versionNumber >= GENERIC_PLAN_SINCE
      ? `EXPLAIN (GENERIC_PLAN)\n${whole};`
      : explainPrepared(whole);
  return {
    title: `See its plan: a “Seq Scan” of a large table is an index that is missing. With real values in the places of $1 and so on, EXPLAIN (ANALYZE, BUFFERS) tells more`,
    language: 'sql',
    code,
  };
}

/** Before version 16 only a prepared statement is planned without its values. */
function explainPrepared(whole: string): string {
  const numbers = [...whole.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
  const values = Array.from({ length: Math.max(0, ...numbers) }, () => 'NULL').join(', ');
  return `PREPARE looked_at AS\n${whole};\nSET plan_cache_mode = force_generic_plan;\nEXPLAIN EXECUTE looked_at${values && ` (${values})`};\nDEALLOCATE looked_at;\nRESET plan_cache_mode;`;
}
