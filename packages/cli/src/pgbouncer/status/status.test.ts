import { describe, expect, test } from 'vitest';
import { coloursOf } from '../../terminal/colours.ts';
import { textWidth } from '../../terminal/words.ts';
import { madeUpStatus } from '../testing/made-up.ts';
import type { PoolerStatus } from './facts.ts';
import { judge } from './judge.ts';
import { renderText } from './render.ts';

const told = (status: PoolerStatus) => judge(status).map(({ severity, id }) => `${severity} ${id}`);

const SICK = madeUpStatus({
  clients: 190,
  config: { server_reset_query_always: '1', query_wait_timeout: '120' },
  pool: { cl_waiting: 7, sv_active: 10, sv_idle: 0, sv_used: 0, maxwait: 12, maxwait_us: 500_000 },
  stats: { avg_xact_time: '310000', avg_wait_time: '2400000' },
});

test('of one that is well there is nothing to say', () => {
  expect(judge(madeUpStatus())).toEqual([]);
});

test.each([
  [
    'clients that wait for a second',
    { pool: { cl_waiting: 3, maxwait: 1, sv_active: 10 } },
    ['warning queue'],
  ],
  ['and for ten', { pool: { cl_waiting: 3, maxwait: 10, sv_active: 10 } }, ['critical queue']],
  ['shorter waits', { pool: { cl_waiting: 3, maxwait_us: 900_000, sv_active: 10 } }, []],
  [
    'waits though there is room: the server lets it not in',
    { pool: { cl_waiting: 3, maxwait: 2, sv_active: 0, sv_idle: 0, sv_used: 0, sv_login: 1 } },
    ['critical no-server'],
  ],
  ['places for clients nearly taken', { clients: 170 }, ['warning clients']],
  ['all taken', { clients: 200 }, ['critical clients']],
  [
    'transactions without queries',
    { stats: { avg_xact_time: '310000' } },
    ['warning idle-transactions'],
  ],
  [
    'slow queries are not that',
    { stats: { avg_xact_time: '310000', avg_query_time: '103000' } },
    [],
  ],
  ['waits in between', { stats: { avg_wait_time: '400000' } }, ['info waits']],
  ['a paused database', { database: { paused: 1 } }, ['critical closed']],
  ['a disabled one', { database: { disabled: 1 } }, ['critical closed']],
  ['session mode', { config: { pool_mode: 'session' } }, ['warning mode']],
  [
    'a reset after each transaction',
    { config: { server_reset_query_always: '1' } },
    ['warning reset-query'],
  ],
  ['waits without end', { config: { query_wait_timeout: '0' } }, ['info patience']],
])('%s', (_, facts, findings) => {
  expect(told(madeUpStatus(facts))).toEqual(findings);
});

/** The columns that came with 1.23, 1.24 and 1.26. */
const NEWER = {
  avg_server_assignment_count: '400',
  avg_wait_time: '1200',
  avg_client_parse_count: '2',
  avg_server_parse_count: '3',
  avg_bind_count: '1200',
  avg_client_login_count: '1',
};

describe('of 1.23 and later', () => {
  test.each([
    ['one that is well', {}, []],
    // 0.2 ms each, 400 times a second.
    ['many short waits', { avg_wait_time: '200' }, []],
    ['longer ones', { avg_wait_time: '2600' }, ['warning waits']],
    ['logins all the time', { avg_client_login_count: '90' }, ['warning logins']],
    ['logins beside far more transactions', { avg_client_login_count: '30' }, []],
    [
      'prepared statements that do not stay',
      { avg_server_parse_count: '800' },
      ['info prepared-statements'],
    ],
  ])('%s', (_, stats, findings) => {
    const status = madeUpStatus({
      config: { max_prepared_statements: '200' },
      stats: { ...NEWER, avg_wait_time: '100', ...stats },
    });
    expect(told(status)).toEqual(findings);
  });

  test.each([
    [700, []],
    [800, ['warning database-clients']],
    [1_000, ['critical database-clients']],
  ])('%i clients of a database that takes 1000', (clients, findings) => {
    const database = { current_client_connections: clients, max_client_connections: 1_000 };
    expect(told(madeUpStatus({ database }))).toEqual(findings);
  });

  test('statements that are sent without waiting for answers are counted one by one', () => {
    const stats = { ...NEWER, avg_query_count: '10', avg_query_time: '600000' };
    const [shop] = madeUpStatus({ stats }).traffic;
    expect(shop).toMatchObject({ queriesPerSecond: 1_200, queryMillis: 5 });
  });

  test('a wait is of each second before, and of each time since', () => {
    const waiting = (stats: object) => madeUpStatus({ stats: { ...stats } }).traffic[0]?.waiting;
    expect(waiting({ avg_wait_time: '1200' })).toBe(0.0012);
    expect(waiting(NEWER)).toBe(0.48);
  });
});

describe.each([80, 120])('at %i columns', (width) => {
  test.each([
    ['well', madeUpStatus()],
    ['sick', SICK],
  ])('%s', async (name, status) => {
    const report = { where: '127.0.0.1:6432', status, findings: judge(status) };
    const text = renderText(report, width, coloursOf({}, {}));
    for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
    await expect(`${text}\n`).toMatchFileSnapshot(`./golden/${name}-${width}.txt`);
  });
});
