import type { FakeClock } from './fake-clock.ts';

/** Lets promises go on until nothing is left to do but wait. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass, and what wakes at each moment go on before the next one. */
export async function letPass(clock: FakeClock, millis: number): Promise<void> {
  const end = clock.now() + millis;
  for (;;) {
    await settle();
    const next = clock.now() + clock.untilNextTimer;
    if (next > end) break;
    clock.advance(next - clock.now());
  }
  clock.advance(end - clock.now());
  await settle();
}
