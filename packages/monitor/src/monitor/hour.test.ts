import { expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { fanOut, holder } from '../testing/pool-stats.ts';
import { ScriptedPool } from '../testing/scripted-pool.ts';
import { createMonitor } from './monitor.ts';

const MINUTE = 60;

/** What happens in a second of the hour, on a pool of five that serves 200 quick reads a second. */
function second(pool: ScriptedPool, at: number): void {
  const within = (from: number, to: number) => at >= from * MINUTE && at < to * MINUTE;
  pool.is({}).runs('SELECT * FROM products WHERE id = $1', 200, 2);
  // Payments are called inside of transactions, and nobody else comes in.
  if (within(5, 8) || within(50, 51)) {
    pool.held('$transaction in POST /checkout', 15, 320, 300);
    pool.is({ pending: 40, connections: { checkedOut: 5, idle: 0 } }).count({ timeouts: 4 });
  }
  // A report without an index, once in ten seconds.
  if (within(15, 17) && at % 10 === 0) pool.runs('SELECT sum(total) FROM orders', 1, 3_000);
  // The server restarts; the pool tries again and again.
  if (within(25, 26)) {
    const lastConnectError = 'connect ECONNREFUSED 127.0.0.1:5432';
    pool.is({ connections: { total: 0, idle: 0 }, lastConnectError }).count({ connectFailures: 1 });
  }
  if (within(35, 36)) pool.count({ shed: 50 });
  // A page that nobody has mended, at every hour of the day.
  if (at % 5 === 0) pool.fansOut(fanOut({ requests: 1, peak: 20 }));
  // Somebody listens, and has a connection to itself by design.
  if (within(40, 60)) {
    const heldMillis = (at - 40 * MINUTE) * 1_000;
    const listener = holder({
      owner: 'LISTEN',
      inTransaction: false,
      heldMillis,
      idleMillis: heldMillis,
    });
    pool.is({ connections: { checkedOut: 1, idle: 4 }, holders: [listener] });
  }
}

test('an hour: each incident once, when it begins and when it is over', () => {
  const clock = new FakeClock();
  const pool = new ScriptedPool();
  const monitor = createMonitor({ pools: { main: pool }, clock }).start();
  const story: string[] = [];
  const time = () => new Date(clock.wall()).toISOString().slice(14, 19);
  monitor.on('incident', ({ kind, episodes }) => story.push(`${time()} ${kind}, ${episodes}`));
  monitor.on('over', ({ kind, count, overSince }) =>
    story.push(`${time()} ${kind} is over since ${overSince?.slice(14, 19)}, ${count} in all`),
  );
  for (let at = 0; at < 60 * MINUTE; at++) {
    second(pool, at);
    clock.advance(1_000);
  }
  expect(story).toEqual([
    '00:01 fan-out, 1',
    '05:01 pool-exhausted, 1',
    '05:02 idle-in-transaction, 1',
    '08:30 pool-exhausted is over since 08:00, 720 in all',
    '08:30 idle-in-transaction is over since 08:00, 2700 in all',
    '15:01 slow-statement, 1',
    '17:21 slow-statement is over since 16:51, 12 in all',
    '25:01 server-down, 1',
    '26:30 server-down is over since 26:00, 60 in all',
    '35:01 overload-shed, 1',
    '36:30 overload-shed is over since 36:00, 3000 in all',
    '50:01 pool-exhausted, 2',
    '50:02 idle-in-transaction, 2',
    '51:30 pool-exhausted is over since 51:00, 960 in all',
    '51:30 idle-in-transaction is over since 51:00, 3600 in all',
  ]);
  const { active, past } = monitor.snapshot().incidents;
  expect(active).toMatchObject([{ kind: 'fan-out', count: 720, episodes: 1, overSince: null }]);
  expect(past.map(({ kind }) => kind)).toEqual([
    'idle-in-transaction',
    'pool-exhausted',
    'overload-shed',
    'server-down',
    'slow-statement',
  ]);
});
