import { expect, test } from 'vitest';
import { napBetweenLooks, PreciseTimer } from './precise-timer.ts';

/** By how much each of these was late, in ms. */
function lateness(inMillis: readonly number[]): Promise<number[]> {
  const start = performance.now();
  return Promise.all(
    inMillis.map(
      (millis) =>
        new Promise<number>((resolve) => {
          const timer = new PreciseTimer(() => resolve(performance.now() - start - millis));
          timer.set(start + millis);
        }),
    ),
  );
}

test('no timer is early, also in a process that naps', async () => {
  const moments = [5, 0.3, 1.2, 0];
  for (const late of await lateness(moments)) expect(late).toBeGreaterThanOrEqual(0);
  napBetweenLooks();
  for (const late of await lateness(moments)) expect(late).toBeGreaterThanOrEqual(0);
});

test('a moment that is set anew replaces the last one, and a cleared one never comes', async () => {
  let calls = 0;
  const cleared = new PreciseTimer(() => calls++);
  cleared.set(performance.now() + 1);
  await new Promise<void>((resolve) => {
    const timer = new PreciseTimer(() => {
      calls++;
      resolve();
    });
    timer.set(performance.now() + 60_000);
    timer.set(performance.now() + 3);
    cleared.clear();
  });
  expect(calls).toBe(1);
});
