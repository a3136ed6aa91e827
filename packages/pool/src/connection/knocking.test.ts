import { expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { Knocking } from './knocking.ts';

/** Somebody who has not heard the server for long asks every second. */
function ask(seconds: number, answers: (n: number) => boolean, heardAt: number[] = []) {
  const clock = new FakeClock();
  let knocks = 0;
  const knocking = new Knocking(clock, (done) => {
    const isAnswered = answers(++knocks);
    clock.after(isAnswered ? 1 : 5_000, () => done(isAnswered));
  });
  let inVainAt: number | undefined;
  for (let second = 0; second < seconds; second++) {
    if (heardAt.includes(second)) knocking.heard();
    if (knocking.isInVain(clock.now())) inVainAt ??= second;
    clock.advance(1_000);
  }
  return { knocks, inVainAt };
}

test('a server that answers is asked twice a minute', () => {
  expect(ask(120, () => true)).toEqual({ knocks: 4, inVainAt: undefined });
});

test('three that are not answered are enough, two are not', () => {
  expect(ask(60, () => false).inVainAt).toBe(17);
  expect(ask(60, (n) => n > 2).inVainAt).toBeUndefined();
});

test('whatever is heard of the server counts as an answer', () => {
  expect(ask(60, () => false, [14]).inVainAt).toBeGreaterThan(25);
});

test('what was not answered long ago says nothing of now', () => {
  const clock = new FakeClock();
  const knocking = new Knocking(clock, (done) => done(false));
  for (let n = 0; n < 3; n++, clock.advance(2_000)) knocking.isInVain(clock.now());
  expect(knocking.isInVain(clock.now())).toBe(true);
  clock.advance(60_000);
  expect(knocking.isInVain(clock.now())).toBe(false);
});
