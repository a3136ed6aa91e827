import type { Path } from './changing.ts';

/** A call that is repeated for one value of one field after the other. */
export interface Lookup {
  readonly field: string;
  /** The other filters. */
  readonly filters: Readonly<Record<string, unknown>>;
  /** Everything but `where`. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/**
 * The only thing that changes is the value of one field in `where`, which stands there by itself
 * (`{ authorId: 7 }`): whatever is asked for many values of it can be asked for all of them.
 */
export function lookupOf(args: unknown, paths: readonly Path[]): Lookup | undefined {
  const [path, ...others] = paths;
  if (!path || others.length > 0 || path[0] !== 'where') return undefined;
  const [, field, operator] = path;
  const isValue = path.length === 2 || (path.length === 3 && operator === 'equals');
  if (!field || !isValue || LOGIC.has(field)) return undefined;
  const { where, ...rest } = args as { where: Record<string, unknown> };
  const { [field]: _, ...filters } = where;
  return { field, filters, rest };
}

const LOGIC = new Set(['AND', 'OR', 'NOT']);
