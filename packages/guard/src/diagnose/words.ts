/** Long enough for any error with its causes; a bound, so that no input makes matching slow. */
const MAX_TEXT = 32_768;

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours are control characters
const COLOURS = /\u001b\[[0-9;]{0,20}m/g;

/**
 * The words of a message without what quotes the application: its source code, its SQL, its parameters.
 * These could hold any words, also those of an error that did not happen.
 */
export function wordsOf(message: string): string {
  let text = message.length > MAX_TEXT ? message.slice(0, MAX_TEXT) : message;
  text = text.replace(COLOURS, '');
  // Prisma's code frame: "→ 12 await prisma.user.findMany(".
  if (/Invalid `[^`\n]{0,200}` invocation in/.test(text)) {
    text = text.replace(/^\s{0,10}(?:→\s{0,3})?\d{1,6} .*$/gm, '');
  }
  return (
    text
      // Drizzle: the query and its parameters; the error itself is the cause.
      .replace(/Failed query:[^\n]*(?:\n(?!params:)[^\n]*){0,200}\nparams:[^\n]*/g, 'Failed query')
      // PostgreSQL's own log and details.
      .replace(/^.{0,300}\b(?:STATEMENT|CONTEXT|QUERY): {1,2}.*$/gm, '')
      .replace(/\bDETAIL: {1,2}[Pp]arameters: .*$/gm, '')
      .replace(/\bKey \([^)\n]{0,200}\)=\([^\n]{0,1000}\)/g, 'Key (…)=(…)')
  );
}

/** Signs that a text without a code speaks of a PostgreSQL connection. */
const DATABASE =
  /postgres|prisma|node_modules[\\/]pg\b|\bpg-pool\b|sequelize|\bknex\b|typeorm|drizzle|kysely|pgbouncer|supabase|\bneon\.tech\b|\.rds\.amazonaws\.com\b|\bgetaddrinfo \w{4,12} (?:db|database|base|pg|pgbouncer)\b|\bSSL SYSCALL error|:(?:543\d|6432|6543)\b|\.s\.PGSQL\.|\bFATAL:/i;

export function speaksOfDatabase(text: string): boolean {
  return DATABASE.test(text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text);
}
