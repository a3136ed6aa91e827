import fc from 'fast-check';
import type { FakeSession } from '../fake-server.ts';
import type { StatementKind } from './call.ts';
import type { ClientView, Hold } from './client-view.ts';
import { lawsAtRest, lawsOfStats } from './laws.ts';
import type { PoolWorld } from './pool-world.ts';

/** The world is its own model: it knows what callers asked for and what came of it. */
type Command = fc.AsyncCommand<{ readonly world: PoolWorld }, object>;

/** Throws the first law that was broken so far. */
export function obey(world: PoolWorld): void {
  const [broken] = [...world.violations, ...lawsAtRest(world)];
  if (broken) throw new Error(broken);
}

/** Something that may happen, on one of those that it may happen to; none of them: it can't. */
function command<Target, Detail>(
  name: string,
  targets: (world: PoolWorld) => readonly Target[],
  details: fc.Arbitrary<Detail>,
  run: (world: PoolWorld, target: Target, detail: Detail) => void | Promise<void>,
): fc.Arbitrary<Command> {
  return fc.tuple(fc.nat({ max: 4 }), details).map(([which, detail]) => ({
    check: ({ world }) => targets(world).length > 0,
    run: async ({ world }) => {
      const those = targets(world);
      await world.act(() => run(world, those[which % those.length] as Target, detail));
      obey(world);
    },
    toString: () => `${name}(${[which, ...[detail ?? []].flat()].join(', ')})`,
  }));
}

const once = (world: PoolWorld) => [world];
const open = (world: PoolWorld) => (world.isEnding ? [] : [world]);
const holds = (world: PoolWorld): Hold[] => world.heldByCallers;
const views = (world: PoolWorld): ClientView[] => [...world.views.values()];
const dialled = ({ server }: PoolWorld): FakeSession[] =>
  server.open.filter(({ state }) => state !== 'ready');
const asked = ({ server }: PoolWorld): FakeSession[] =>
  server.open.filter(({ unanswered }) => unanswered > 0);
const ready = ({ server }: PoolWorld): FakeSession[] =>
  server.open.filter(({ state, readableEnded }) => state === 'ready' && !readableEnded);

const nothing = fc.constant(undefined);
const kind = fc.constantFrom<StatementKind[]>(
  ...(['short', 'short', 'short', 'short', 'medium', 'medium', 'long', 'literal'] as const),
  ...(['failing', 'unserialisable'] as const),
);

const commands = {
  query: command('query', open, kind, (world, _, which) => world.callers.query(which)),
  burst: command(
    'burst',
    open,
    fc.array(kind, { minLength: 2, maxLength: 6 }),
    (world, _, kinds) => {
      for (const which of kinds) world.callers.query(which);
    },
  ),
  rogue: command('rogue', open, nothing, (world) => world.callers.query('rogue')),
  session: command('session', open, nothing, (world) => world.callers.session()),
  checkout: command('checkout', open, nothing, (world) => world.callers.checkout()),
  statement: command('statement', holds, fc.boolean(), (world, hold, fails) =>
    world.callers.statement(hold, fails),
  ),
  transaction: command(
    'transaction',
    holds,
    fc.constantFrom('BEGIN', 'BEGIN', 'COMMIT', 'ROLLBACK'),
    (world, hold, text) => world.callers.command(hold, text),
  ),
  release: command('release', holds, nothing, (world, hold) => world.callers.release(hold)),
  releaseWithError: command('release with error', holds, nothing, (world, hold) => {
    world.callers.release(hold, new Error('the holder is done with it'));
    if (!hold.view.client._ending) world.violations.push('a connection given up is kept');
  }),
  releaseTwice: command('release twice', holds, nothing, (world, hold) => {
    world.callers.release(hold);
    try {
      hold.release();
      world.violations.push('a second release was accepted');
    } catch {}
  }),
  endByHolder: command('client.end by holder', holds, nothing, (_, { view }) => {
    view.client.end(() => {});
  }),
  stray: command('use after release', views, nothing, (world, { client, hold, uses }) => {
    if (hold || uses === 0) return;
    client.query('SELECT 0 AS id', undefined, (error: Error | undefined) => {
      if (!error) world.violations.push('a client was used by nobody who has it');
    });
  }),
  login: command(
    'login',
    dialled,
    fc.constantFrom('accepted', 'accepted', 'accepted', 'refused', 'full', 'unanswered'),
    (_, session, outcome) => session.login(outcome),
  ),
  answer: command(
    'answer',
    asked,
    fc.constantFrom('whole', 'whole', 'half'),
    (_, session, extent) => session.answer(extent),
  ),
  answerAll: command('answer all', asked, nothing, (_, session) => session.answerAll()),
  close: command(
    'server closes',
    ready,
    fc.constantFrom('goodbye', 'reset', 'shutdown'),
    (_, session, manner) => session.closeBy(manner),
  ),
  changeSchema: command('change schema', once, nothing, ({ server }) => server.changeSchema()),
  stats: command('stats', once, nothing, (world) => {
    world.violations.push(...lawsOfStats(world));
  }),
  end: command('end', open, fc.constantFrom(Infinity, Infinity, 0, 50, 2_000), (world, _, millis) =>
    world.end(millis),
  ),
};

const SPANS = [1, 1, 1, 3, 3, 12, 12, 30, 30, 120, 500, 1_100, 4_000] as const;

/** Time is let pass from timer to timer, each in a turn of its own. */
const pass: fc.Arbitrary<Command> = fc.constantFrom(...SPANS).map((millis) => ({
  check: () => true,
  run: async ({ world }) => {
    await world.pass(millis);
    obey(world);
  },
  toString: () => `pass(${millis})`,
}));

/** What happens, and how often. */
const WEIGHTS: readonly (readonly [number, fc.Arbitrary<Command>])[] = [
  [8, commands.query],
  [4, commands.burst],
  [1, commands.rogue],
  [2, commands.session],
  [6, commands.checkout],
  [3, commands.statement],
  [4, commands.transaction],
  [5, commands.release],
  [1, commands.releaseWithError],
  [1, commands.releaseTwice],
  [1, commands.endByHolder],
  [1, commands.stray],
  [5, commands.login],
  [10, commands.answer],
  [5, commands.answerAll],
  [3, commands.close],
  [1, commands.changeSchema],
  [2, commands.stats],
  [1, commands.end],
  [8, pass],
];

const LONGEST_SEQUENCE = 50;

export const sequences = fc.commands(
  WEIGHTS.flatMap(([weight, arbitrary]) => Array<fc.Arbitrary<Command>>(weight).fill(arbitrary)),
  { maxCommands: LONGEST_SEQUENCE, size: 'max', disableReplayLog: true },
);
