import { describe, expect, test } from 'vitest';
import { fanOut, madeUpStats, owner, statement } from '../testing/pool-stats.ts';
import { detectHotLookUps } from './hot-lookup.ts';

const SESSION = 'SELECT id, user_id FROM sessions WHERE token = $1 LIMIT $2';
const USER = 'SELECT id, name FROM users WHERE id IN ($1)';
const caller = 'Session.findFirst at sessions (routes/account.ts:22:40)';

/** A shop whose every request looks the session up, with its user, and then does something else. */
function shop(part: Parameters<typeof madeUpStats>[0] = {}) {
  return madeUpStats({
    counts: { statements: 4_000 },
    wait: { count: 4_000, p50Millis: 25 },
    statements: [
      statement({
        statement: SESSION,
        owners: [caller, 'Session.findFirst'],
        executions: 1_000,
        totalMillis: 400,
      }),
      statement({ statement: USER, owners: [caller], executions: 1_000, totalMillis: 300 }),
      statement({
        statement: 'UPDATE sessions SET seen = $1 WHERE id = $2',
        executions: 1_000,
        totalMillis: 500,
      }),
      statement({
        statement: 'SELECT * FROM products WHERE id = $1',
        executions: 1_000,
        totalMillis: 100,
        owners: ['a', 'b'],
      }),
    ],
    ...part,
  });
}

describe('a look-up in every request, while callers queue', () => {
  test('is told with its share, its place, and what stands in its place', () => {
    const [incident, ...others] = detectHotLookUps(shop());
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      kind: 'hot-look-up',
      title: 'Session.findFirst is 50 % of all statements, while callers queue',
      owner: 'Session.findFirst',
      site: 'sessions (routes/account.ts:22:40)',
      statement: SESSION,
      remedy: expect.stringContaining(
        "db.session({ validate: ({ id }) => lookUp(id), every: '60s' })",
      ),
    });
    expect(incident?.evidence).toContain(
      'half of all callers waited longer than 25 ms for their turn',
    );
    expect(incident?.evidence[0]).toContain(
      'called 1,000 times since the pool began, 2.0 statements each',
    );
  });

  test.each([
    ['Product.findUnique', 'prisma.product.findUnique({ …, cacheStrategy: { ttl: 10, swr: 60 } })'],
    ['orders of a customer', 'Keep the answer for as long as it may be old, in the process'],
    ['authToken.load', 'db.session('],
  ])('%s: what to write', (label, remedy) => {
    const one = statement({
      statement: SESSION,
      owners: [label],
      executions: 1_000,
      totalMillis: 400,
    });
    const stats = madeUpStats({
      counts: { statements: 1_000 },
      wait: { p50Millis: 25 },
      statements: [one],
    });
    expect(detectHotLookUps(stats)).toMatchObject([{ remedy: expect.stringContaining(remedy) }]);
  });
});

test.each([
  ['nobody waits', { wait: { p50Millis: 0.1 } }],
  [
    'the server works for longer than callers wait',
    { service: { ...shop().service, meanMillis: 40 } },
  ],
  ['it is one statement of many', { counts: { statements: 50_000 } }],
  ['checkouts use the connections', { owners: [owner({ heldMillis: 60_000 })] }],
  [
    'a request repeats it',
    { fanOuts: [fanOut({ statement: SESSION }), fanOut({ statement: USER })] },
  ],
])('nothing is told when %s', (_, part) => {
  expect(detectHotLookUps(shop(part))).toEqual([]);
});

test('it is the same one whichever of its statements takes longer', () => {
  const [one, two, ...others] = shop().statements;
  if (!one || !two) throw new Error('the shop has both');
  const texts = [
    [one, two],
    [two, one],
  ].map((pair) => detectHotLookUps(shop({ statements: [...pair, ...others] }))[0]?.statement);
  expect(texts[0]).toBe(SESSION);
  expect(texts[1]).toBe(SESSION);
});

test.each([
  [3, 30, 1],
  [3, 29, 0],
  [30, 100, 1],
  [30, 99, 0],
])(
  'in a window of %i s, %i calls are told %i times: ten a second, for ten seconds at most',
  (seconds, executions, times) => {
    const stats = madeUpStats({
      counts: { statements: executions * 2 },
      wait: { p50Millis: 25 },
      statements: [
        statement({
          statement: SESSION,
          owners: ['Session.findFirst at account.js:1:1'],
          executions,
          totalMillis: 40,
        }),
      ],
    });
    expect(detectHotLookUps(stats, { seconds })).toHaveLength(times);
  },
);

test('what comes from several places is no one place’s doing, and a write is no look-up', () => {
  const one = { executions: 1_000, totalMillis: 400 };
  const stats = (part: object) =>
    madeUpStats({
      counts: { statements: 1_000 },
      wait: { p50Millis: 25 },
      statements: [statement({ ...one, ...part })],
    });
  expect(detectHotLookUps(stats({ statement: SESSION, owners: ['a at x', 'a at y'] }))).toEqual([]);
  expect(detectHotLookUps(stats({ statement: SESSION, owners: [] }))).toEqual([]);
  expect(detectHotLookUps(stats({ statement: 'SELECT 1', owners: ['a'] }))).toEqual([]);
  expect(detectHotLookUps(stats({ statement: 'UPDATE a SET b = $1', owners: ['a'] }))).toEqual([]);
});
