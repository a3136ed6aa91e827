import type { Attempt } from './attempt.ts';

/** The application's own part of an interactive transaction. */
export type Body = (tx: unknown) => Promise<unknown>;

/**
 * How much later than the transaction's time its caller is told: a statement that was cancelled then says it
 * first, with the place where it stands.
 */
const GRACE_MILLIS = 60;

/**
 * Runs an interactive transaction so that its caller is told when its time is up, whatever its body still
 * waits for; Prisma's own timer gives back the connection, and tells nobody. What the body does afterwards
 * is refused by Prisma.
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
    timer = setTimeout(() => {
      // What becomes of a COMMIT only the server knows; the pool bounds the wait for its answer.
      if (!attempt.isCommitting) tell(attempt.expired('commit'));
    }, attempt.limits.timeout + GRACE_MILLIS);
    return body(tx);
  };
  try {
    return await Promise.race([run(timed), timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}
