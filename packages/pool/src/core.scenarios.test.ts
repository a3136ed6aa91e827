import { expect, test } from 'vitest';
import { lawsOfStats } from './testing/model/laws/of-stats.ts';
import { answers, answersOne, passes, play, runs, type Step } from './testing/model/play.ts';
import type { PoolWorld } from './testing/model/pool-world.ts';
import type { HolderKind } from './testing/model/texts.ts';

/**
 * What the model-based test has found, each by itself. Besides what a scenario looks at, all laws of the
 * model hold in it.
 */

const ONE = { pool: { max: 1 } };
const TRANSACTION: HolderKind[] = ['begin', 'read', 'commit'];

// pg warns of a holder that sends a statement before the last one is answered: here some do.
process.noDeprecation = true;

const hold = ({ heldByCallers }: PoolWorld, which = 0) => {
  const found = heldByCallers[which];
  if (!found) throw new Error('nobody holds a connection');
  return found;
};

/** The holder whose checkout was the nth call. */
const who = ({ heldByCallers }: PoolWorld, id: string) => {
  const held = heldByCallers.find(({ call }) => call.id === id);
  if (!held) throw new Error(`${id} holds nothing`);
  return held;
};

test('a COMMIT that is said in the answer to the last statement can be passed on', async () => {
  const { callers } = await play(
    ONE,
    runs(['begin', 'read', 'write', 'commit'], { isPrompt: true }),
    runs(TRANSACTION),
    answers,
    answers,
    answers,
  );
  expect(callers.calls.filter(({ error }) => error)).toEqual([]);
});

test('a connection is not passed on when its holder has gone on behind COMMIT', async () => {
  const { callers } = await play(
    ONE,
    ({ callers: c }) => void c.checkout(),
    (world) => world.callers.say(hold(world), 'commit'),
    (world) => world.callers.say(hold(world), 'read'),
    runs(TRANSACTION),
  );
  expect(callers.calls.filter(({ error }) => error)).toEqual([]);
});

test('what is said after COMMIT and not awaited is answered, given back or not', async () => {
  const { callers } = await play(
    ONE,
    ({ callers: c }) => void c.checkout(),
    ({ callers: c }) => c.query('insert'),
    (world) => world.callers.say(hold(world), 'commit'),
    (world) => world.callers.say(hold(world), 'read'),
    (world) => world.callers.release(hold(world)),
  );
  expect(callers.calls.filter(({ error }) => error)).toEqual([]);
});

test('of a client that was given back nothing more is taken, though it still has something to say', async () => {
  const refused: unknown[] = [];
  await play(
    ONE,
    ({ callers }) => void callers.checkout(),
    ({ callers }) => callers.query('insert'),
    (world) => world.callers.say(hold(world), 'commit'),
    (world) => world.callers.say(hold(world), 'read'),
    (world) => {
      const { client } = hold(world);
      world.callers.release(hold(world));
      client.query('SELECT 0 AS id', undefined, (error: Error) => refused.push(error.message));
    },
  );
  expect(refused).toEqual([expect.stringContaining('used after it was released')]);
});

test('what is said behind a COMMIT and not awaited is answered though its holder gives up', async () => {
  await play(
    ONE,
    ({ callers }) => void callers.checkout(),
    runs(TRANSACTION, { awaits: 'none', gives: 'back with an error' }),
    (world) => world.callers.say(hold(world), 'commit'),
  );
});

test('what is said behind a COMMIT and not awaited is answered though the connection is lost', async () => {
  await play(
    ONE,
    ({ callers }) => void callers.checkout(),
    runs(TRANSACTION, { awaits: 'none' }),
    (world) => world.callers.say(hold(world), 'commit'),
    ({ server }) => server.open[0]?.closeBy('reset'),
  );
});

test('a COMMIT is not lost because the next one gives the connection up', async () => {
  const { callers } = await play(
    ONE,
    ({ callers: c }) => void c.checkout(),
    runs(['begin'], { gives: 'back with an error' }),
    (world) => world.callers.say(hold(world), 'commit'),
    answers,
  );
  expect(callers.calls.filter(({ error }) => error)).toEqual([]);
});

test('a setting that is made after the release, because it had to wait, is undone', async () => {
  await play(
    ONE,
    ({ callers }) => void callers.checkout(),
    runs(['begin', 'read', 'set', 'commit'], { awaits: 'none' }),
    (world) => world.callers.say(hold(world), 'commit'),
    ({ callers }) => callers.query('short'),
    (world) => world.callers.release(hold(world)),
    answers,
  );
});

test('a statement that was not awaited at release is told at its deadline', async () => {
  await play(
    ONE,
    runs(TRANSACTION, { awaits: 'none', options: { deadlineMillis: 30 } }),
    passes(200),
  );
});

test('a statement whose caller has gone is not sent again for nobody', async () => {
  await play(
    { pool: { max: 1, multiplexDepth: 3, prepare: true } },
    ({ callers }) => callers.query('short'),
    answers,
    ({ callers }) => {
      callers.query('short');
      callers.query('short', { hasSignal: true });
    },
    ({ server }) => server.changeSchema(),
    ({ callers }) => callers.calls[2]?.abort?.abort(new Error('its caller has gone')),
    answers,
  );
});

test('whoever waits for a connection is served when another one can not be put in order', async () => {
  await play(
    { pool: { max: 3, reserveShared: true }, isPolite: false, greets: true },
    runs(['set'], { gives: 'nothing' }),
    runs(['read'], { gives: 'nothing' }),
    answers,
    runs(['read']),
    answers,
    (world) => world.callers.release(hold(world)),
  );
});

test('whoever has given back a connection that is being closed holds nothing any more', async () => {
  const held: number[] = [];
  await play(
    { pool: { max: 1 }, isPolite: false, greets: true },
    runs(['set']),
    answers,
    answers,
    ({ core }) => void held.push(core.stats().holders.length),
  );
  expect(held).toEqual([0]);
});

test('a question of the pool is no use of a connection: it is closed in its time', async () => {
  await play(
    { pool: { max: 2, idleTimeoutMillis: 1_000 } },
    ({ callers }) => callers.query('short'),
    ({ callers }) => callers.session({ deadlineMillis: 30 }),
    ({ server }) => server.open[0]?.answerAll(),
    passes(1_050),
  );
});

test('a pool that is being warmed up can be ended', async () => {
  await play(
    { pool: { max: 3 }, logsIn: false, isPolite: false },
    (world) => world.prewarm(3),
    (world) => world.end(Infinity),
    passes(100),
  );
});

test('a pool opens nothing after its end, though it was being warmed up', async () => {
  await play(
    { pool: { max: 1 }, logsIn: false },
    (world) => world.prewarm(1),
    ({ server }) => server.open[0]?.login('refused'),
    (world) => world.prewarm(1),
    (world) => world.end(Infinity),
    passes(100),
  );
});

test('a connection listens once until its last holder has been answered, however much that was', async () => {
  const says = Array.from({ length: 12 }, (): HolderKind => 'read');
  const listeners = new Set<number>();
  const count = ({ views }: PoolWorld) => {
    for (const { client } of views.values()) listeners.add(client.listenerCount('drain'));
  };
  const steps = says.flatMap(() => [answersOne, count]);
  await play(ONE, runs(says, { awaits: 'none' }), count, ...steps);
  expect([...listeners]).toEqual([1, 0]);
});

test("a connection that was given up behind its COMMIT counts as no one's: the others are used", async () => {
  await play(
    { pool: { max: 3, reserveShared: true } },
    ({ callers }) => void callers.checkout(),
    ({ callers }) => callers.query('short'),
    runs(TRANSACTION, { awaits: 'all but the last', gives: 'back with an error' }),
    ({ callers }) => callers.query('long'),
    ({ callers }) => callers.query('long'),
    answers,
    (world) => world.callers.release(hold(world)),
  );
});

test('a deadlock is ended though a holder has said something that its client refused', async () => {
  await play(
    ONE,
    ({ callers }) => void callers.checkout(),
    (world) => {
      const { client, view } = hold(world);
      view.isEndedByHolder = true;
      client.end(() => {});
    },
    (world) => world.callers.say(hold(world), 'read'),
    (world) => void world.callers.checkout({}, undefined, hold(world)),
    passes(500),
  );
});

test('a deadlock is ended though a holder has lost its connection in the middle of a statement', async () => {
  await play(
    ONE,
    ({ callers }) => void callers.checkout(),
    (world) => world.callers.say(hold(world), 'read'),
    ({ server }) => server.open[0]?.closeBy('reset'),
    (world) => void world.callers.checkout({}, undefined, hold(world)),
    passes(500),
  );
});

test('a COMMIT that was lost with its connection is told once, though its deadline passes later', async () => {
  await play(
    ONE,
    ({ callers }) => void callers.checkout(),
    ({ callers }) => void callers.checkout(),
    (world) => world.callers.say(hold(world), 'commit', { deadlineMillis: 40 }),
    ({ server }) => server.open[0]?.closeBy('reset'),
    passes(120),
  );
});

test('whoever could not say ROLLBACK in time has not left its transaction open', async () => {
  const abandoned: number[] = [];
  await play(
    ONE,
    ({ callers }) => void callers.checkout(),
    (world) => world.callers.say(hold(world), 'commit'),
    runs(['begin', 'read', 'rollback'], { options: { deadlineMillis: 60 } }),
    passes(300),
    answers,
    answers,
    ({ core }) => void abandoned.push(core.stats().counts.abandonedTransactions),
  );
  expect(abandoned).toEqual([0]);
});

test('a connection that a cancel request may strike is not passed on, and counts as lent', async () => {
  const held: number[] = [];
  await play(
    { pool: { max: 3, reserveShared: true } },
    runs(TRANSACTION, { awaits: 'all but the last', options: { deadlineMillis: 50 } }),
    passes(100),
    ({ callers }) => void callers.checkout(),
    ({ callers }) => void callers.checkout(),
    ({ server }) => server.open[0]?.answer('whole'),
    ({ core }) => void held.push(core.stats().holders.length),
  );
  expect(held).toEqual([2]);
});

test('whoever could not say COMMIT has not left its transaction open, whatever it has said after it', async () => {
  const abandoned: number[] = [];
  const says: HolderKind[] = ['begin', 'read', 'commit', 'begin', 'read'];
  await play(
    ONE,
    ({ callers }) => void callers.checkout(),
    (world) => world.callers.say(hold(world), 'commit'),
    runs(says, { awaits: 'none', options: { deadlineMillis: 60 } }),
    passes(300),
    answers,
    answers,
    ({ core }) => void abandoned.push(core.stats().counts.abandonedTransactions),
  );
  expect(abandoned).toEqual([0]);
});

test('a statement that the pool has cancelled for others is told of the loss of its connection', async () => {
  const { callers } = await play(
    { pool: { max: 1, multiplexDepth: 3 } },
    ({ callers: c }) => c.query('short'),
    ({ callers: c }) => c.query('short'),
    passes(100),
    ({ cancels }) => {
      const [request] = cancels.underWay;
      if (request) cancels.deliver(request, 'last', false);
    },
    ({ server }) => server.open[0]?.answer('half'),
    ({ server }) => server.open[0]?.closeBy('reset'),
  );
  expect(callers.calls.map(({ error }) => error?.message)).toEqual(
    Array(2).fill('read ECONNRESET'),
  );
});

test('nothing is sent on a connection that was given up because a BEGIN was refused', async () => {
  const { callers } = await play(
    ONE,
    runs(['begin serializable', 'read'], { awaits: 'none' }),
    ({ callers: c }) => c.query('short'),
    ({ server }) => {
      server.isStandby = true;
    },
    answers,
    answers,
  );
  expect(callers.calls.at(-1)).toMatchObject({ kind: 'short', error: undefined });
});

test('a COMMIT without a BEGIN, behind the COMMIT of another, is told in time', async () => {
  await play(
    ONE,
    ({ callers }) => void callers.checkout(),
    ({ callers }) => void callers.checkout(),
    (world) => world.callers.say(hold(world), 'commit'),
    (world) => world.callers.say(hold(world, 1), 'commit', { deadlineMillis: 40 }),
    passes(200),
  );
});

test('what was said behind a COMMIT is told when its holder has lost the connection as a leak', async () => {
  await play(
    { pool: { max: 1, leakThresholdMillis: 200, reclaimLeaks: true } },
    runs(TRANSACTION),
    answers,
    runs(TRANSACTION, { options: { deadlineMillis: 400 } }),
    passes(600),
  );
});

test('whoever waits without a limit is told when the server does not answer anybody', async () => {
  const refused = async (isUnreachable: boolean) => {
    const { callers } = await play(
      { pool: { max: 2 } },
      ({ callers: c }) => void c.checkout(),
      ({ callers: c }) => c.query('short'),
      (world) => world.callers.say(hold(world), 'read'),
      ({ server }) => {
        for (const session of server.open) session.silence(true);
        server.isUnreachable = isUnreachable;
      },
      passes(34_000),
      ({ server }) => {
        server.isUnreachable = false;
        for (const session of server.open) session.silence(false);
      },
    );
    return callers.calls.filter(({ error }) => error).map(({ error }) => error?.message);
  };
  const gone = 'Connection terminated: the server has gone silent';
  expect(await refused(true)).toEqual([gone, gone]);
  expect(await refused(false)).toEqual([]);
});

test('whoever holds a connection and waits for the login of another one is in no deadlock', async () => {
  const { callers } = await play(
    { pool: { max: 2 }, logsIn: false },
    ({ callers: c }) => void c.checkout(),
    ({ server }) => server.open[0]?.login('accepted'),
    (world) => void world.callers.checkout({}, undefined, hold(world)),
    passes(500),
    ({ server }) => server.open[1]?.login('accepted'),
  );
  expect(callers.calls.filter(({ error }) => error)).toEqual([]);
});

test('whoever has passed its connection on is told of its COMMIT at its deadline', async () => {
  await play(
    ONE,
    ({ callers }) => void callers.checkout(),
    ({ callers }) => void callers.checkout(),
    (world) => world.callers.say(hold(world), 'commit', { deadlineMillis: 40 }),
    passes(200),
  );
});

test('a COMMIT that is said after the deadline has a second', async () => {
  const { callers } = await play(
    ONE,
    ({ callers: c }) => void c.checkout(),
    (world) => world.callers.say(hold(world), 'begin'),
    (world) => world.callers.say(hold(world), 'write'),
    answers,
    (world) => world.callers.say(hold(world), 'commit', { deadlineMillis: 0 }),
    passes(500),
    ({ cancels }) => expect(cancels.underWay).toEqual([]),
    answers,
  );
  expect(callers.calls.filter(({ error }) => error)).toEqual([]);
});

test('a long answer is no silence, whoever else is answered', async () => {
  const { callers } = await play(
    ONE,
    ({ callers: c }) => void c.checkout(),
    (world) => world.callers.say(hold(world), 'read'),
    passes(20_000),
    ({ server }) => {
      server.open[0]?.answer('half');
      server.isUnreachable = true;
    },
    passes(25_000),
    answers,
  );
  expect(callers.calls.filter(({ error }) => error)).toEqual([]);
});

test('a connection that is being replaced takes nothing new', async () => {
  const { server } = await play(
    { pool: { max: 1, multiplexDepth: 3 } },
    ({ callers }) => callers.query('short'),
    ({ core }) => core.reset('requested'),
    ({ callers }) => callers.query('short'),
    answers,
    answers,
  );
  expect(server.sessions).toHaveLength(2);
});

test.each<[string, HolderKind[]]>([
  ['ROLLBACK', ['begin', 'write', 'rollback']],
  ['COMMIT', ['begin', 'write', 'commit']],
  ['ROLLBACK, of a BEGIN that nothing has carried,', ['begin', 'several', 'rollback']],
])('whoever could not say %s in time is out of its transaction all the same', async (_, says) => {
  const world = await play(
    ONE,
    ({ callers }) => void callers.checkout(),
    (world) => world.callers.say(hold(world), 'commit'),
    runs(says, { awaits: 'none', gives: 'nothing', options: { deadlineMillis: 40 } }),
    passes(80),
    (one) => one.callers.say(hold(one, 1), 'write'),
    (one) => one.callers.say(hold(one, 1), 'begin'),
    (one) => one.callers.say(hold(one, 1), 'write'),
    (one) => one.callers.say(hold(one, 1), 'commit'),
  );
  const said = world.callers.calls.filter(({ kind }) => kind === 'write');
  expect(said.slice(-2).map(({ id }) => world.server.ledger.get(id))).toEqual([1, 1]);
});

test("a connection that was reclaimed behind another's COMMIT has no holder", async () => {
  await play(
    { pool: { max: 1, leakThresholdMillis: 200, reclaimLeaks: true } },
    runs(TRANSACTION),
    ({ callers }) => void callers.checkout(),
    answersOne,
    passes(300),
    (world) => expect(lawsOfStats(world)).toEqual([]),
  );
});

test("the server's limit counts from when the statement has come to it", async () => {
  await play(
    { pool: { max: 2, min: 2, multiplex: false, statementTimeoutMillis: 150 }, seen: 0 },
    ({ callers }) => callers.query('short'),
    passes(1_100),
    ({ callers }) => callers.query('short'),
    passes(30),
    runs(['begin', 'commit'], { gives: 'nothing' }),
    ({ callers }) => callers.query('short'),
    passes(500),
  );
});

test('whoever waits for its COMMIT, and has made room for others, hears that the server is silent', async () => {
  const { callers } = await play(
    ONE,
    runs(TRANSACTION),
    ({ callers: c }) => c.query('insert'),
    answersOne,
    ({ server }) => {
      for (const session of server.open) session.silence(true);
      server.isUnreachable = true;
    },
    passes(34_000),
    ({ server }) => {
      server.isUnreachable = false;
    },
  );
  const told = callers.calls.filter(({ error }) => error);
  const gone = 'Connection terminated: the server has gone silent';
  expect(told.map(({ kind, error }) => [kind, error?.message])).toEqual([
    ['insert', gone],
    ['commit', gone],
  ]);
});

test('what waits since its connection was passed on is refused with what has waited before', async () => {
  const { callers } = await play(
    ONE,
    runs(TRANSACTION, { isPrompt: true }),
    ({ callers: c }) => void c.checkout(),
    answersOne,
    (world) => world.callers.say(hold(world), 'commit'),
    (world) => world.callers.say(hold(world), 'read', { deadlineMillis: 0 }),
    ({ callers: c }) => c.query('insert'),
    answersOne,
    (world) => world.callers.say(hold(world), 'read'),
    passes(30),
  );
  expect(callers.calls.filter(({ error }) => error).map(({ kind }) => kind)).toEqual([
    'read',
    'read',
  ]);
});

test("a connection is not idle before the pool's own question is answered, though it was lent and given back", async () => {
  await play(
    { pool: { max: 3 } },
    ({ callers }) => callers.session(),
    ({ callers }) => callers.query('short'),
    ({ server }) => server.open[1]?.stall(200),
    ({ callers }) => callers.session({ deadlineMillis: 30 }),
    ({ server }) => server.open[1]?.answer('whole'),
    passes(120),
    ({ callers }) => void callers.checkout(),
    (world) => world.callers.release(hold(world)),
  );
});

test('a connection is idle while it is asked something because it is idle', async () => {
  await play(
    { pool: { max: 1 }, pace: 4 },
    ({ callers }) => callers.query('short'),
    passes(12_000),
    runs(TRANSACTION),
    answersOne,
  );
});

test('a COMMIT that the server has refused is told once, though it is ready only after the deadline', async () => {
  await play(
    ONE,
    runs(['begin', 'dooms', 'commit'], { options: { deadlineMillis: 30 } }),
    ({ callers }) => void callers.checkout(),
    answersOne,
    ({ server }) => server.open[0]?.answer('half'),
    passes(200),
  );
});

test("the answer to the pool's own question is nobody else's: whoever was lent the connection keeps its deadline", async () => {
  await play(
    { pool: { max: 3, statementTimeoutMillis: 150 } },
    ({ callers }) => callers.session(),
    ({ callers }) => callers.session(),
    ({ callers }) => callers.query('short'),
    ({ server }) => server.open[2]?.answerAll(),
    runs(TRANSACTION, { options: { deadlineMillis: 400 } }),
    passes(1_100),
  );
});

test('a neighbour that a late cancel request strikes begins again, also when it was the second one', async () => {
  const late: Step = ({ cancels, server }) => {
    const [request] = cancels.underWay;
    if (request) cancels.deliver(request, 'first', false);
    server.open[0]?.answer('whole');
  };
  const { callers } = await play(
    { pool: { max: 1, multiplexDepth: 2 } },
    ({ callers: c }) => c.query('short'),
    ({ callers: c }) => c.query('short'),
    passes(1_100),
    late,
    late,
  );
  expect(callers.calls.filter(({ error }) => error)).toEqual([]);
});

test('a statement whose plan went stale begins again also when a late cancel request strikes it then', async () => {
  const first: Step = ({ server }) => server.open[0]?.answer('whole');
  const { callers } = await play(
    { pool: { max: 1, multiplexDepth: 2 }, seen: 5 },
    ({ callers: c }) => c.query('short'),
    ({ callers: c }) => c.query('short'),
    passes(1_100),
    first,
    ({ server }) => server.changeSchema(),
    passes(4_000),
    first,
    ({ cancels }) => {
      const request = cancels.underWay.at(-1);
      if (request) cancels.deliver(request, 'first', false);
    },
    answers,
  );
  expect(callers.calls.filter(({ error }) => error)).toEqual([]);
});

test('the answer in which a connection was given back is not that of the holder who has it again', async () => {
  await play(
    { pool: { max: 2 } },
    ({ callers: c }) => void c.checkout(),
    ({ callers: c }) => void c.checkout(),
    (world) => world.callers.say(who(world, '2'), 'rollback'),
    runs(TRANSACTION, { isPrompt: true }),
    (world) => world.callers.release(who(world, '1')),
    answers,
    // Its deadline is watched from when it has been sent.
    (world) => world.callers.say(who(world, '2'), 'read', { deadlineMillis: 0 }),
    ({ server }) => server.open[1]?.answer('whole'),
    passes(120),
    answers,
  );
});

test("the answer to the pool's own ROLLBACK is not that to what it asks the server next", async () => {
  const { callers } = await play(
    { pool: { max: 1, multiplexDepth: 1 }, seen: 0 },
    runs(['begin', 'read']),
    ({ callers: c }) => c.query('unserialisable'),
    runs(['begin', 'commit', 'begin', 'commit'], { isPrompt: true }),
    runs(['read']),
  );
  expect(callers.calls.filter(({ kind, error }) => error && kind !== 'unserialisable')).toEqual([]);
});

test('of statements that begin again the oldest has its turn first', async () => {
  const limit =
    (which: number): Step =>
    ({ server }) => {
      server.open[which]?.strike('last');
      server.open[which]?.answer('whole');
    };
  const { callers } = await play(
    { pool: { max: 4, multiplexDepth: 2, statementTimeoutMillis: 150 }, seen: 1 },
    ({ callers: c }) => c.query('insert'),
    runs(['read']),
    ...Array<Step>(4).fill(({ callers: c }) => c.query('short')),
    passes(120),
    limit(3),
    limit(2),
  );
  expect(callers.calls.filter(({ error }) => error)).toEqual([]);
});

test('who has counted on a connection that goes back to its holder gets another one', async () => {
  const { core } = await play(
    { pool: { max: 2, reserveShared: false } },
    ({ callers: c }) => void c.checkout(),
    ({ callers: c }) => void c.checkout(),
    (world) => world.callers.say(who(world, '1'), 'commit'),
    // It is the fourth call, and has its connection behind the COMMIT of the first, who wants it back.
    ({ callers: c }) => void c.checkout(),
    (world) => world.callers.say(who(world, '4'), 'set'),
    (world) => world.callers.say(who(world, '1'), 'read'),
    ({ callers: c }) => void c.checkout(),
    (world) => world.callers.release(who(world, '4')),
    ({ server }) => server.open[0]?.answer('whole'),
    ({ server }) => server.open[0]?.answer('whole'),
    (world) => world.callers.release(who(world, '2'), new Error('of no use')),
    ({ server }) => server.open[0]?.answer('whole'),
    ({ core: { clients } }) => expect(clients.length).toBe(2),
  );
  expect(core.pending).toBe(0);
});

test('a connection that the pool asks something as soon as its first statement is answered is idle', async () => {
  await play(
    ONE,
    ({ callers }) => callers.query('short'),
    passes(10_200),
    ({ server }) => server.open[0]?.stall(20),
  );
});

test('while somebody goes on in the answer to its COMMIT nothing else comes from the server', async () => {
  const says: HolderKind[] = ['begin', 'commit', 'begin', 'commit'];
  await play(
    { pool: { max: 4, multiplexDepth: 1 }, pace: 25, seen: 0 },
    ({ callers }) => callers.session(),
    ({ callers }) => callers.query('short'),
    runs(['begin', 'commit and chain', 'read', 'commit', 'begin', 'commit'], { isPrompt: true }),
    ({ callers }) => callers.query('rogue'),
    ({ callers }) => callers.query('short'),
    ({ callers }) => void callers.checkout(),
    ({ callers }) => callers.query('short'),
    ({ callers }) => void callers.checkout(),
    ({ server }) => server.open[0]?.closeBy('goodbye'),
    ({ callers }) => callers.query('rogue'),
    ({ server }) => server.open[2]?.closeBy('goodbye'),
    runs(says),
    passes(4_000),
  );
});
