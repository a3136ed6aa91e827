/** The words that PostgreSQL reserves (its documentation, appendix C): a name that is one must be quoted. */
const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create
  current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc
  distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral
  leading limit localtime localtimestamp not null offset on only or order placing primary references returning
  select session_user some symmetric system_user table then to trailing true union unique user using variadic
  when where window with`.split(/\s+/),
);

/** A role, database, table or column as SQL wants it written. */
export function quoteName(name: string): string {
  const isPlain = /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name);
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}

/** `public.Order` as `public."Order"`; a schema with a point in its name is nobody's. */
export function quotePath(path: string): string {
  const point = path.indexOf('.');
  if (point < 0) return quoteName(path);
  return `${quoteName(path.slice(0, point))}.${quoteName(path.slice(point + 1))}`;
}
