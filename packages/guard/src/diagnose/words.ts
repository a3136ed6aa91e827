/** Long enough for any error with its causes; a bound, so that no input makes matching slow. */
const MAX_TEXT = 32_768;

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours are control characters
const COLOURS = /\u001b\[[0-9;]{0,20}m/g;

/**
 * The words of a message without what quotes the application: its source code, its SQL, its parameters.
 * These could hold any words, also those of an error that did not happen. White space is even, and what
 * JSON or a shell has escaped is as it was.
 */
export function wordsOf(message: string): string {
  let text = message.length > MAX_TEXT ? message.slice(0, MAX_TEXT) : message;
  text = text.replace(COLOURS, '');
  // Prisma's code frame: "→ 12 await prisma.user.findMany(".
  if (/Invalid `[^`\n]{0,200}` invocation in/.test(text)) {
    text = text.replace(/^\s{0,10}(?:→\s{0,3})?\d{1,6} .*$/gm, '');
  }
  text = text
    // Drizzle: the query and its parameters; the error itself is the cause.
    .replace(
      /Failed query:[^\n]*(?:\n(?!\s*params:)[^\n]*){0,200}\n\s*params:[^\n]*/g,
      'Failed query',
    )
    // PostgreSQL's own log and details.
    .replace(/^.{0,300}\b(?:STATEMENT|CONTEXT|QUERY): {1,2}.*(?:\n\t.*)*$/gm, '')
    .replace(/\bDETAIL: {1,2}[Pp]arameters: .*$/gm, '')
    .replace(/\bKey \([^)\n]{0,200}\)=\([^\n]{0,1000}\)/g, 'Key (…)=(…)');
  // The line of source that Node prints above an uncaught error.
  if (text.includes('new '))
    text = text.replace(/\bnew [\w.$]{1,40}\((["'`])[^\n]{0,300}?\1/g, 'new');
  if (text.includes('\\')) text = unescaped(text);
  return text.replace(/[ \t]{2,}|\t/g, ' ');
}

/** What JSON has made of quotes and line ends, however often. A path of Windows may begin a name with n. */
function unescaped(text: string): string {
  return text.replace(/\\{1,8}(?:(["'`])|[rt]|n(?!ode_modules))/g, (_, quote) => quote ?? '\n');
}

/** A message that a mail or a terminal has broken into lines, as one. */
export function joined(words: string): string {
  return words.replace(/ ?\n\s*/g, ' ');
}

/** Signs that a text without a code speaks of a PostgreSQL connection. */
const DATABASE = new RegExp(
  [
    // Servers, protocols, drivers
    /postg(?:res|rex)|psql|pgsql|\bpg[_-](?:hba|pool|protocol|native|promise|boss|isready)|node_modules[\\/]pg\b|\bpgx\b|\bpq: /,
    /psycopg|asyncpg|npgsql|\bSSL SYSCALL error|\.s\.PGSQL\.|\bSQLSTATE\b|\bFATAL:/,
    // What stands above them, or between
    /prisma|sequelize|\bknex\b|typeorm|drizzle|kysely|slonik|mikro-?orm|graphile|sqlalchemy|DBConnection\b|pgbouncer|supabase|supavisor/,
    // Hosts and ports
    /neon\.tech\b|neondatabase|NeonDbError|\.rds\.amazonaws\.com\b|\/cloudsql\/|hyperdrive|:(?:543\d|6432|6543)\b/,
    /\bgetaddrinfo \w{4,12} (?:db|database|base|pg|pgbouncer)\b/,
    // Its language, quoted as Knex and others put it before the message
    /\b(?:from|insert into|update) [`"]\w{1,63}[`"] |\bDB::\w/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

export function speaksOfDatabase(text: string): boolean {
  return DATABASE.test(text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text);
}

/** The libraries that a stack names. An application's own folders may have any name, such as `prisma-shop`. */
export function librariesIn(stack: string): string {
  const text = stack.length > MAX_TEXT ? stack.slice(0, MAX_TEXT) : stack;
  return (text.match(/node_modules[\\/](?!.{0,300}node_modules[\\/])[^\s:)]{1,300}/g) ?? []).join(
    ' ',
  );
}
