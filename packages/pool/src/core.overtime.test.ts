import { expect, test } from 'vitest';
import { answers, answersOne, passes, play } from './testing/model/play.ts';
import type { PoolWorld } from './testing/model/pool-world.ts';

/** What takes too long, and whom cancel requests may strike; besides, all laws of the model hold. */

const LANE = { pool: { max: 1, multiplexDepth: 3 } };
const hurried = ({ callers }: PoolWorld) => callers.query('short', { deadlineMillis: 30 });
const short = ({ callers }: PoolWorld) => callers.query('short');
const silence = ({ server }: PoolWorld) => server.open[0]?.silence(true);

/** The cancel request arrives, and strikes what is being run. */
const strike = ({ cancels }: PoolWorld) => {
  const [request] = cancels.underWay;
  if (request) cancels.deliver(request, 'last', false);
};
/** It is over, and has struck nobody. */
const missed = ({ cancels }: PoolWorld) => {
  const [request] = cancels.underWay;
  if (request) cancels.refuse(request);
};

test('as long as a cancel request may strike, the connection is lent to nobody', async () => {
  const { callers } = await play(
    LANE,
    hurried,
    passes(120),
    ({ callers: c }) => void c.checkout(),
    answers,
    missed,
  );
  expect(callers.calls.at(-1)?.error).toBeUndefined();
});

test('a statement that a late cancel request strikes by mistake begins again', async () => {
  const { callers } = await play(
    LANE,
    hurried,
    short,
    short,
    passes(120),
    answersOne,
    strike,
    answersOne,
    answers,
  );
  expect(callers.calls.slice(1).map(({ error }) => error)).toEqual([undefined, undefined]);
});

test('a cancel request without effect is repeated, but not at once', async () => {
  const asked: number[] = [];
  const count = ({ cancels }: PoolWorld) => void asked.push(cancels.underWay.length);
  await play(LANE, hurried, passes(120), count, missed, passes(100), count, passes(200), count);
  expect(asked).toEqual([1, 0, 1]);
});

test('a connection on which cancel requests have no effect is given up', async () => {
  const open: number[] = [];
  const goesOn = [passes(100), missed];
  await play(LANE, hurried, silence, ...Array(15).fill(goesOn).flat(), ({ server }) => {
    open.push(server.open.length);
  });
  expect(open).toEqual([0]);
});

test('one that is asked for a sign of life, and gives none, is given up', async () => {
  const open: number[] = [];
  const ask = ({ core }: PoolWorld) => core.silent();
  await play(LANE, short, answers, silence, ask, passes(1_200), ({ server }) => {
    open.push(server.open.length);
  });
  expect(open).toEqual([0]);
});

test('an answer that is longer than the limit is no silence', async () => {
  const open: number[] = [];
  await play(
    { pool: { max: 1, statementTimeoutMillis: 150 } },
    short,
    passes(190),
    ({ server }) => server.open[0]?.answer('half'),
    passes(40),
    ({ server }) => void open.push(server.open.length),
    answers,
  );
  expect(open).toEqual([1]);
});

test('when a connection has gone silent, the idle ones are asked as well', async () => {
  const open: number[] = [];
  const goesOn = [passes(100), missed];
  await play(
    { pool: { max: 2 } },
    ({ callers }) => void callers.checkout(),
    ({ callers }) => void callers.checkout(),
    ({ callers, heldByCallers }) => {
      for (const one of heldByCallers) callers.release(one);
    },
    ({ server }) => {
      for (const session of server.open) session.silence(true);
    },
    hurried,
    ...Array(30).fill(goesOn).flat(),
    ({ server }) => void open.push(server.open.length),
  );
  expect(open).toEqual([0]);
});

test('whoever is lent a connection that was asked for a sign of life gets its own answers', async () => {
  const { callers } = await play(
    LANE,
    short,
    answers,
    ({ core, callers: c }) => {
      core.silent();
      core.silent();
      c.checkout();
    },
    (world) => world.heldByCallers.map((held) => world.callers.say(held, 'begin')),
    (world) => world.heldByCallers.map((held) => world.callers.say(held, 'read')),
    answers,
    answers,
  );
  expect(callers.calls.flatMap(({ error }) => error?.message ?? [])).toEqual([]);
});
