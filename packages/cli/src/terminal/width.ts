const NARROWEST = 40;
/** Longer lines are hard to read. */
const WIDEST = 120;
/** Where nobody says how wide it is shown. */
const DEFAULT = 80;

/** Columns to lay text out in: the terminal's, else COLUMNS, else 80; within 40 and 120. */
export function widthOf(
  { columns }: { readonly columns?: number },
  env: NodeJS.ProcessEnv,
): number {
  const wanted = columns || Number(env.COLUMNS) || DEFAULT;
  return Math.max(NARROWEST, Math.min(WIDEST, Math.floor(wanted)));
}
