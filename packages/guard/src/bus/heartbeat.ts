import { within } from '../time/within.ts';

const ANSWER_LIMIT_MILLIS = 2_000;

/**
 * Asks a connection now and then whether it is alive: a half-open one looks so, for nothing comes and
 * nothing fails.
 *
 * @param ask what the connection answers while it lives; not asked again before it has.
 * @returns what ends it.
 */
export function startHeartbeat(
  everyMillis: number,
  ask: () => Promise<unknown>,
  onSilence: () => void,
): () => void {
  let isAsking = false;
  const beat = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      await within(ANSWER_LIMIT_MILLIS, 'the connection', ask());
    } catch {
      onSilence();
    }
    isAsking = false;
  };
  const timer = setInterval(beat, everyMillis).unref();
  return () => clearInterval(timer);
}
