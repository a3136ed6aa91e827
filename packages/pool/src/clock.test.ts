import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';

afterEach(() => {
  vi.useRealTimers();
});

const later = (millis: number) =>
  new Promise<void>((resolve) => {
    systemClock.after(millis, resolve, { keepsProcessAlive: true });
  });

test('goes on while a program fakes its own time', async () => {
  const start = systemClock.now();
  vi.useFakeTimers();
  await later(5);
  expect(systemClock.now()).toBeGreaterThan(start);
});

test('does not jump with it', async () => {
  vi.useFakeTimers();
  const start = systemClock.now();
  let fired = false;
  const cancel = systemClock.after(60_000, () => {
    fired = true;
  });
  vi.advanceTimersByTime(3_600_000);
  expect(fired).toBe(false);
  expect(systemClock.now() - start).toBeLessThan(60_000);
  cancel();
});

test('what is cancelled does not come', async () => {
  let fired = false;
  systemClock.after(1, () => {
    fired = true;
  })();
  await later(10);
  expect(fired).toBe(false);
});
