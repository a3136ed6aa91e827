import type pg from 'pg';

/** What the doctor may cost: nothing of it takes longer on the server, or waits longer for a lock. */
const STATEMENT_MILLIS = 3_000;
const LOCK_MILLIS = 500;
/** Should we be stopped in the middle, the server does not keep our transaction for long. */
const IDLE_MILLIS = 10_000;
/** Beyond the server's own limit, for the way there and back. */
const GRACE_MILLIS = 5_000;

/**
 * Read-only, with limits, without functions that somebody else put before pg_catalog's, and without a compiler
 * run for a glance at the catalogue.
 */
const BEGIN = `BEGIN READ ONLY;
SET LOCAL statement_timeout = ${STATEMENT_MILLIS};
SET LOCAL lock_timeout = ${LOCK_MILLIS};
SET LOCAL idle_in_transaction_session_timeout = ${IDLE_MILLIS};
SET LOCAL search_path = pg_catalog;
SET LOCAL jit = off;
`;

export type Row = Readonly<Record<string, unknown>>;

/** Asks the server one question. */
export type Ask = (sql: string) => Promise<readonly Row[]>;

/** The server fell silent, or the connection is gone: it can't be asked anything more. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** A mistake of ours, which no server is to be blamed for. */
export function isDefect(error: Error & { code?: string }): boolean {
  const isOurs = error instanceof TypeError || error instanceof ReferenceError;
  return isOurs && error.code === undefined;
}

/**
 * Each question is a transaction of its own, in one round trip: one that is refused costs the others nothing,
 * and nothing of it stays in the session, which a pooler may give to somebody else.
 */
export function asker(client: pg.Client): Ask {
  let over: NoAnswerError | undefined;
  return async (sql) => {
    if (over) throw over;
    const statement = `${BEGIN}${sql};\nCOMMIT`;
    try {
      const answers = (await within(client.query(statement))) as unknown as pg.QueryResult[];
      // The COMMIT's is the last, the question's the one before it.
      return answers.at(-2)?.rows ?? [];
    } catch (error) {
      over = asNoAnswer(error as Error);
      if (over) throw over;
      await within(client.query('ROLLBACK')).catch(() => {});
      throw error;
    }
  };
}

/** Whether an error means the end of the connection: no answer, FATAL of the server, or of the socket. */
function asNoAnswer(
  error: Error & { code?: string; severity?: string },
): NoAnswerError | undefined {
  if (error instanceof NoAnswerError) return error;
  if (error.severity !== undefined && error.severity !== 'FATAL') return undefined;
  return new NoAnswerError(`the connection was lost (${error.message})`, { cause: error });
}

async function within<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const millis = STATEMENT_MILLIS + GRACE_MILLIS;
    timer = setTimeout(
      () => reject(new NoAnswerError(`no answer within ${millis / 1_000} s`)),
      millis,
    );
  });
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
