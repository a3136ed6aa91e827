import { expect, test } from 'vitest';
import type { CallKind } from './testing/model/call.ts';
import { answers, answersOne, passes, play, runs } from './testing/model/play.ts';
import type { PoolWorld } from './testing/model/pool-world.ts';
import type { LaneKind } from './testing/model/texts.ts';

/** Who has its turn when more is asked for than there are connections; besides, all laws of the model hold. */

const several = (kind: LaneKind, count: number) => (world: PoolWorld) => {
  for (let n = 0; n < count; n++) world.callers.query(kind);
};

const isServed = (world: PoolWorld, kind: CallKind) =>
  !world.callers.waiting.some((call) => call.kind === kind);

test.each([
  [1, 'checkout'],
  [1, 'medium'],
  [2, 'checkout'],
  [2, 'medium'],
  [5, 'checkout'],
  [5, 'insert'],
] as const)(
  'with %i connections a steady stream of short statements starves no %s',
  async (max, kind) => {
    const pool = { max, multiplexDepth: 3, reserveShared: true };
    const goesOn = [several('short', max), answersOne];
    let rounds = 0;
    await play(
      { pool },
      several('short', 3 * max + 1),
      ...Array(max + 2)
        .fill(goesOn)
        .flat(),
      ({ callers }) => void (kind === 'checkout' ? callers.checkout() : callers.query(kind)),
      ...Array(20)
        .fill([...goesOn, (world: PoolWorld) => void (isServed(world, kind) || rounds++)])
        .flat(),
    );
    expect(rounds).toBeLessThan(15);
  },
);

test('short statements that wait open one connection: they will share it', async () => {
  const { server } = await play(
    { pool: { max: 5, connectConcurrency: 3 }, logsIn: false },
    several('short', 5),
  );
  expect(server.sessions).toHaveLength(1);
});

test('checkouts that wait open one connection each, as many at once as they may', async () => {
  const opened: number[] = [];
  await play(
    { pool: { max: 5, connectConcurrency: 3 }, logsIn: false },
    ({ callers }) => {
      for (let n = 0; n < 5; n++) callers.checkout();
    },
    ({ server }) => void opened.push(server.sessions.length),
  );
  expect(opened).toEqual([3]);
});

test('no connection is opened where one is free in a moment, when what was left in it is undone', async () => {
  const { server } = await play(
    { pool: { max: 2 } },
    runs(['begin', 'read'], { awaits: 'all' }),
    answers,
    ({ callers }) => void callers.checkout(),
    answers,
  );
  expect(server.sessions).toHaveLength(1);
});

test('a statement that was in the way of others begins again by itself, and with nobody behind it', async () => {
  const { callers, core } = await play(
    { pool: { max: 1, multiplexDepth: 3 } },
    several('short', 3),
    passes(150),
    ({ cancels }) => {
      const [request] = cancels.underWay;
      if (request) cancels.deliver(request, 'last', false);
    },
    answersOne,
    several('short', 1),
    answersOne,
    answersOne,
  );
  expect(core.stats().counts.restarts).toBe(1);
  expect(callers.calls.filter(({ error }) => error)).toEqual([]);
});
