/** A placeholder `$n` of a statement, and where it stands. */
export interface Placeholder {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** Names, texts and comments, which may hold anything; placeholders; and what shows how a statement is built. */
const TOKENS =
  /"(?:[^"]|"")*"|'(?:[^']|'')*'|\/\*(?:[^*]|\*(?!\/))*\*\/|\$(?<number>\d+)|[()]|\b(?:FROM|WHERE)\b/g;

const TRAILING_COMMENTS = /(?:\s*\/\*(?:[^*]|\*(?!\/))*\*\/)+\s*$/;

export function placeholdersOf(sql: string): Placeholder[] {
  const placeholders: Placeholder[] = [];
  for (const match of sql.matchAll(TOKENS)) {
    const number = match.groups?.number;
    if (number === undefined) continue;
    const start = match.index;
    placeholders.push({ number: Number(number), start, end: start + match[0].length });
  }
  return placeholders;
}

/** Replaces each placeholder of a statement. */
export function mapPlaceholders(sql: string, replace: (number: number) => string): string {
  return sql.replaceAll(TOKENS, (text, number?: string) =>
    number === undefined ? text : replace(Number(number)),
  );
}

/**
 * From where a condition takes its columns: the `FROM …` of the query whose `WHERE` it stands in.
 *
 * @param at where the condition stands.
 */
export function fromClauseOf(sql: string, at: number): string | undefined {
  interface Query {
    from?: number;
    where?: number;
  }
  let queries: Query[] = [{}];
  for (const { 0: text, index } of sql.slice(0, at).matchAll(TOKENS)) {
    const query = queries.at(-1) as Query;
    if (text === '(') queries.push({});
    else if (text === ')') queries = queries.slice(0, -1);
    else if (text === 'FROM') query.from = index;
    else if (text === 'WHERE') query.where = index;
  }
  const around = queries.findLast(({ from, where }) => from !== undefined && where !== undefined);
  return around && sql.slice(around.from, around.where);
}

/** A statement, and the comments that stand behind it. */
export function splitComments(sql: string): [statement: string, comments: string] {
  const [comments = ''] = TRAILING_COMMENTS.exec(sql) ?? [];
  return [sql.slice(0, sql.length - comments.length), comments];
}
