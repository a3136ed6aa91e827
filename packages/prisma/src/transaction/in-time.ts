import { currentContext } from '@lifeguard/pool';
import { knownError } from '../errors/known-error.ts';
import { TOO_LONG } from '../errors/words.ts';
import type { Attempt } from './attempt.ts';
import { now } from './now.ts';

/** The application's own part of an interactive transaction. */
export type Body = (tx: unknown) => Promise<unknown>;

/** What a timer can wait, nearly 25 days: it takes anything longer for 1 ms. */
export const LONGEST_MILLIS = 2 ** 31 - 1;

/**
 * How much later than the transaction's time its caller is told: a statement that was cancelled then says it
 * first, with the place where it stands.
 */
const GRACE_MILLIS = 60;

/**
 * Runs an interactive transaction so that it ends, and its caller is told, when its time or the caller's own is up,
 * whatever its body still waits for. Prisma's own timer gives back the connection, and tells nobody; of the caller's
 * deadline it knows nothing. What the body does afterwards is refused by Prisma.
 */
export async function inTime(
  attempt: Attempt,
  body: Body,
  run: (body: Body) => Promise<unknown>,
): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  let tell: (error: Error) => void = () => {};
  const timeIsUp = new Promise<never>((_, reject) => {
    tell = reject;
  });
  const timed: Body = (tx) => {
    attempt.hasBegunBody = true;
    const { timeout } = attempt.limits;
    const callers = Math.max(0, (currentContext()?.deadline ?? Infinity) - now());
    const end = () => {
      // What becomes of a COMMIT only the server knows; the pool bounds the wait for its answer.
      if (attempt.isCommitting) return;
      tell(callers < timeout ? tooLong() : attempt.expired('commit'));
    };
    timer = setTimeout(end, Math.min(Math.min(timeout, callers) + GRACE_MILLIS, LONGEST_MILLIS));
    // Prisma rolls it back as soon as its body has failed.
    return Promise.race([body(tx), timeIsUp]);
  };
  try {
    return await Promise.race([run(timed), timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLong(): Error {
  return knownError({ ...TOO_LONG, cause: undefined, outcome: 'failed' });
}
