import { verdictOf } from '../breaker/verdict.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import type { Diagnosis } from '../diagnose/types.ts';
import { harmless } from '../listener.ts';
import { type Finding, findingOf } from '../retry/retry-decision.ts';

export interface FallbackOptions {
  /** For which failures there is another answer. Default {@link cannotAnswer}. */
  readonly when?: ((diagnosis: Diagnosis, error: unknown) => boolean) | undefined;
  readonly onFallback?: ((event: FallbackEvent) => void) | undefined;
}

export interface FallbackEvent {
  readonly type: 'fallback';
  readonly finding: Finding;
  /** Whether there was another answer. */
  readonly succeeded: boolean;
}

/**
 * Whether the database could give no answer at all: not reached, no connection in time, shed, refused by
 * the breaker, too late. Not what it answered with, be it an error, and not errors of the application.
 */
export function cannotAnswer(diagnosis: Pick<Diagnosis, 'kind' | 'outcome'>): boolean {
  const verdict = verdictOf(diagnosis);
  if (verdict === 'lost' || verdict === 'slow') return true;
  return diagnosis.kind === 'overload-shed' || diagnosis.kind === 'statement-timeout';
}

/**
 * Answers with `other` when `fn` fails because the database can't answer: the last good answer, an empty
 * list, what a replica says.
 *
 * @param other gets the error. It should need no database.
 * @throws the error of `fn`, also when `other` fails too: that is the one that explains both.
 */
export async function fallback<T>(
  fn: () => PromiseLike<T>,
  other: (error: unknown) => T | PromiseLike<T>,
  { when = cannotAnswer, onFallback }: FallbackOptions = {},
): Promise<T> {
  let error: unknown;
  try {
    return await fn();
  } catch (caught) {
    error = caught;
  }
  const diagnosis = diagnose(error);
  if (!when(diagnosis, error)) throw error;
  const tell = (succeeded: boolean) =>
    harmless(onFallback)({ type: 'fallback', finding: findingOf(diagnosis), succeeded });
  let answer: T;
  try {
    answer = await other(error);
  } catch {
    tell(false);
    throw error;
  }
  tell(true);
  return answer;
}
