import type { Pattern } from '../context/owner.ts';
import type { RepeatedStatement } from '../context/repeats.ts';

/** From so many of one text in one request it is a pattern (Sentry's five). */
export const REPEATED_FROM = 5;
/** In turn they must have kept the request waiting as long as this together (Sentry's 50 ms), … */
const COSTLY_MILLIS = 50;
/** … or be so many that they will somewhere else: each is a round trip. */
const MANY = 20;

type Counted = Pick<
  RepeatedStatement,
  'sent' | 'underWay' | 'peak' | 'busyMillis' | 'inCheckout' | 'quietUntil'
>;

/** The pattern that shows by now, with the statement that has just begun. */
export function patternOf(statement: Counted): Pattern | undefined {
  const { sent, underWay, peak, inCheckout } = statement;
  if (sent < REPEATED_FROM || sent < statement.quietUntil) return undefined;
  if (!inCheckout) {
    if (underWay >= REPEATED_FROM) return 'at-once';
    if (peak >= REPEATED_FROM) return undefined;
  }
  return sent >= MANY || statement.busyMillis >= COSTLY_MILLIS ? 'in-turn' : undefined;
}
