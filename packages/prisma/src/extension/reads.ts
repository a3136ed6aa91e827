import { isCertainlyRead } from '@lifeguard/pool';
import type { Call } from './layer.ts';

const READS = new Set([
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'findMany',
  'findManyGrouped',
  'count',
  'aggregate',
  'groupBy',
]);

const RAW_QUERIES = new Set(['$queryRaw', '$queryRawUnsafe', '$queryRawTyped']);

/** Whether an operation changes nothing that lasts. Raw SQL does, unless its text shows that it can't. */
export function isRead({
  model,
  operation,
  args,
}: Pick<Call, 'model' | 'operation' | 'args'>): boolean {
  if (model !== undefined) return READS.has(operation);
  if (!RAW_QUERIES.has(operation)) return false;
  const sql = sqlOf(args);
  return sql !== undefined && isCertainlyRead(sql);
}

/** Of `Sql`, `[text, ...values]` and `TypedSql`, as Prisma hands them to a hook. */
function sqlOf(args: unknown): string | undefined {
  if (Array.isArray(args)) return typeof args[0] === 'string' ? args[0] : sqlOf(args[0]);
  const { sql, strings } = Object(args) as { sql?: unknown; strings?: unknown };
  if (typeof sql === 'string') return sql;
  return Array.isArray(strings) ? strings.join(' $1 ') : undefined;
}
