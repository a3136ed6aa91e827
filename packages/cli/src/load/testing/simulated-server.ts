import type { FakeClock } from '@lifeguard/testkit';
import type { Outcome, Send } from '../engine/request.ts';

const SERVED: Outcome = { ok: true, status: 200 };

/** A server that takes `millis`, and does nothing at all between two moments. */
export function stallingServer(
  clock: FakeClock,
  { millis, from, to }: { millis: number; from: number; to: number },
): Send {
  return (listener) => {
    listener.onSent();
    const isStalled = clock.now() >= from && clock.now() < to;
    void clock
      .sleep((isStalled ? to - clock.now() : 0) + millis)
      .then(() => listener.onEnd(SERVED));
    return () => {};
  };
}

/** A server with so many places, each of which serves a request in `millis`; the others queue. */
export function serverOfCapacity(clock: FakeClock, places: number, millis: number): Send {
  const free = Array.from({ length: places }, () => 0);
  return (listener) => {
    listener.onSent();
    const place = free.indexOf(Math.min(...free));
    const startsAt = Math.max(clock.now(), free[place] ?? 0);
    free[place] = startsAt + millis;
    void clock.sleep(startsAt + millis - clock.now()).then(() => listener.onEnd(SERVED));
    return () => {};
  };
}
