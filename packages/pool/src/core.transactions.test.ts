import { expect, test } from 'vitest';
import { answers, play, runs } from './testing/model/play.ts';
import type { PoolWorld } from './testing/model/pool-world.ts';
import type { HolderKind } from './testing/model/texts.ts';

/** What is said of transactions and need not be sent as it is said; besides, all laws of the model hold. */

const ONE = { pool: { max: 1 } };

const said = async (says: HolderKind[]) => {
  const { callers } = await play(ONE, runs(says), ...Array(says.length).fill(answers));
  return callers.calls.filter(({ error }) => error).map(({ kind }) => kind);
};

test.each<[string, HolderKind[]]>([
  ['what follows an empty transaction is outside of it', ['begin', 'commit', 'read']],
  [
    'a second BEGIN leaves the modes of the first',
    ['begin serializable', 'begin', 'read', 'commit'],
  ],
  ['a BEGIN within a transaction leaves its COMMIT one', ['begin', 'write', 'begin', 'commit']],
  ['modes that are said after BEGIN hold', ['begin', 'modes', 'write', 'commit']],
])('%s', async (_, says) => {
  expect(await said(says)).toEqual([]);
});

test.each<[string, HolderKind]>([
  ['that carried it', 'read'],
  ['before which it was sent', 'several'],
])(
  'when BEGIN is refused nothing runs outside, whatever follows the statement %s',
  async (_, first) => {
    const { server } = await play(
      ONE,
      ({ server: s }) => {
        s.isStandby = true;
      },
      runs(['begin serializable', first, 'write', 'commit'], { atError: 'goes on' }),
      answers,
      answers,
      answers,
    );
    expect([...server.ledger]).toEqual([]);
  },
);

test.each<[string, HolderKind[]]>([
  ['open', ['begin', 'read']],
  ['failed', ['begin', 'fails']],
])('whoever comes next meets no %s transaction', async (_, says) => {
  const { callers } = await play(
    ONE,
    runs(says, { atError: 'gives back' }),
    answers,
    answers,
    ({ callers: c }) => c.query('short'),
    answers,
  );
  expect(callers.calls.at(-1)).toMatchObject({ kind: 'short', error: undefined });
});

test('statements that are prepared by the pool, and by the application, work on after DISCARD', async () => {
  const short = ({ callers }: PoolWorld) => callers.query('short');
  const { callers } = await play(
    { pool: { max: 1, prepare: true }, seen: 5 },
    short,
    answers,
    runs(['named', 'set']),
    answers,
    answers,
    answers,
    short,
    answers,
    runs(['named']),
    answers,
  );
  expect(callers.calls.filter(({ error }) => error)).toEqual([]);
});
