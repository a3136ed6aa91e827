import { describe, expect, test } from 'vitest';
import type { PoolStats } from '../stats/pool-stats.ts';
import { Recorder } from '../stats/recorder.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { explainShedding, explainWaits } from './explain-wait.ts';

const EMPTY = new Recorder(new FakeClock()).snapshot(
  {
    connections: { max: 5, total: 5, idle: 0, connecting: 0, checkedOut: 3, shared: 2 },
    pending: 7,
    inFlight: 9,
    holders: [],
    waiting: [],
  },
  [],
);
const explain = (now: Partial<PoolStats>) => explainWaits({ ...EMPTY, ...now })(10_040);

const holder = (owner: string, heldMillis: number, idleMillis = 0) => ({
  id: 1,
  owner,
  heldMillis,
  idleMillis,
  inTransaction: true,
  statements: 1,
  site: undefined,
});

describe('explainWaits', () => {
  test("begins with pg-pool's words and says what the pool looks like", () => {
    expect(explain({})).toMatch(
      /^timeout exceeded when trying to connect: waited 10\.0 s while 5 of 5 connections were used and 7 requests were waiting\./,
    );
  });

  test('names the three longest holders and what they do', () => {
    const holders = ['a', 'b', 'c', 'd'].map((owner, i) => holder(owner, 9_000 - i * 1_000));
    const message = explain({ holders });
    expect(message).toContain('Longest holders: a for 9.0 s; b for 8.0 s; c for 7.0 s.');
    expect(message).toContain('Try first: make what a does in its connection shorter.');
  });

  test('names who holds connections without using them', () => {
    const holders = [holder('Order.pay', 900, 850), holder('Job.run', 300)];
    expect(explain({ holders: holders.slice(0, 1) })).toMatch(
      /Order\.pay for 900 ms, 850 ms of it with no statement under way\. Try first: do the other work of Order\.pay/,
    );
  });

  test('names a fan-out', () => {
    const fanOut = {
      route: 'GET /',
      owner: 'Product.findMany',
      site: undefined,
      statement: 'S',
      requests: 3,
      peak: 10,
      call: undefined,
      rewrite: undefined,
    };
    expect(explain({ fanOuts: [fanOut] })).toContain(
      'replace the up to 10 statements of Product.findMany that one GET / sends at once by one',
    );
  });

  test('names a server that refuses', () => {
    const connections = { ...EMPTY.connections, total: 0, checkedOut: 0, shared: 0 };
    expect(explain({ connections, lastConnectError: 'sorry, too many clients already' })).toMatch(
      /The last attempt to connect failed: sorry, too many clients already\. Try first: look at why the server refuses/,
    );
  });

  test('without any holder it points at the statements', () => {
    expect(explain({})).toContain('make the slowest statements faster');
  });

  test('says how long each has waited', () => {
    const explain = explainWaits(EMPTY);
    const waits = [10_040, 10_049, 500, 10_040].map(
      (millis) => /waited (.*?) while/.exec(explain(millis))?.[1],
    );
    expect(waits).toEqual(['10.0 s', '10.0 s', '500 ms', '10.0 s']);
  });
});

test('explainShedding says how many wait for what, and what to try', () => {
  expect(explainShedding(EMPTY)).toMatch(
    /^refused at once: the pool is overloaded, 7 requests are waiting for 5 connections, .* Try first: make the slowest/,
  );
});
