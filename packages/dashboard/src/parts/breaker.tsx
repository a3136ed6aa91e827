import type { Status } from '../model/verdict.ts';
import { duration, moment } from '../model/words.ts';
import type { Breaker as BreakerState } from '../wire.ts';
import { StatusIcon } from './icons.tsx';

const STATUS: Readonly<Record<BreakerState['state'], Status>> = {
  closed: 'pass',
  open: 'fail',
  'half-open': 'warn',
  returning: 'warn',
};
const DOES: Readonly<Record<BreakerState['state'], string>> = {
  closed: 'lets everybody through',
  open: 'refuses callers at once',
  'half-open': 'tries whether the database answers',
  returning: 'lets callers back in, a few at first',
};

/** What the circuit breaker does, and why; `now`: of the snapshot. */
export function Breaker({ breaker, now }: { breaker: BreakerState; now: Date }) {
  const { state, since, reason, retryAfterMillis } = breaker;
  return (
    <p class="breaker">
      <StatusIcon status={STATUS[state]} size={14} />
      <span>
        <b>Breaker {state}</b>: it {DOES[state]}
        {since !== null && `, since ${moment(new Date(since), now)}`}
        {retryAfterMillis > 0 && `; it tries again ${soon(retryAfterMillis)}`}
        {reason !== null && state !== 'closed' && `. Why: ${reason}`}.
      </span>
    </p>
  );
}

/** Less than a second is over before it is read. */
function soon(millis: number): string {
  return millis < 1_000 ? 'within a second' : `in ${duration(millis)}`;
}
