import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asker } from '../../doctor/server/ask.ts';
import { QuietSession } from '../../testing/session.ts';
import { watchDatabase } from './database.ts';
import { ACTIVITY, readLook, summarize } from './looks.ts';
import { watchMonitor } from './monitor.ts';
import { MonitorTally } from './monitor-tally.ts';
import { eventsOf } from './server-events.ts';

/** A machine with much else to do. */
const PATIENT = { timeout: 10_000 };

describe('a database', () => {
  let server: PostgresServer;
  const clients: pg.Client[] = [];
  beforeAll(async () => {
    server = await startPostgres({ settings: { max_connections: 40 } });
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
    await server.stop('immediate');
  });

  async function connected(name: string, user?: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: server.url({ application_name: name }) });
    if (user) client.user = user;
    client.on('error', () => {});
    await client.connect();
    clients.push(client);
    return client;
  }

  test('sessions by state, and who waits for whom', async () => {
    const [holder, waiter, idle, observer] = await Promise.all(
      ['shop', 'shop', 'other', 'lifeguard-load'].map((name) => connected(name)),
    );
    await idle!.query('CREATE TABLE stock (id int PRIMARY KEY, pieces int)');
    await holder!.query('BEGIN; LOCK TABLE stock');
    const waiting = waiter!.query('BEGIN; LOCK TABLE stock').catch(() => {});
    const ask = asker(observer!);
    const look = async () => readLook(1.234, await ask(ACTIVITY));
    await expect.poll(async () => (await look()).waitingForLocks, PATIENT).toBe(1);
    const seen = await look();
    expect(seen).toMatchObject({ at: 1.23, waitingForLocks: 1, blockers: 1 });
    expect(summarize([seen], {}, { where: 'here', most: 40 })).toMatchObject({
      states: { active: [1], idle: [1], 'idle in transaction': [1] },
      waits: { Lock: [1] },
      busiest: { application: 'shop', sessions: [2], active: [1], idleInTransaction: [1] },
    });
    await holder!.query('ROLLBACK');
    await waiting;
  });

  test('a role that may see nothing of others sees that they are there', async () => {
    const admin = await connected('other');
    await admin.query("CREATE ROLE poor LOGIN PASSWORD 'x'");
    const poor = new pg.Client({
      connectionString: server.url().replace(/\/\/[^@]*@/, '//poor:x@'),
    });
    await poor.connect();
    clients.push(poor);
    const { groups } = readLook(0, await asker(poor)(ACTIVITY));
    expect(groups.map(({ state }) => state)).toContain('unseen');
  });

  test('is looked at from the beginning of the count until the end', async () => {
    const session = new QuietSession({ DATABASE_URL: server.url() });
    const watch = await watchDatabase(undefined, session);
    const { rows } = await (await connected('other')).query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'lifeguard-load'",
    );
    expect(rows[0].n).toBeGreaterThan(0);
    watch.begin();
    await expect.poll(() => watch.peek().at.length, PATIENT).toBeGreaterThan(1);
    const samples = watch.end();
    expect(samples).toMatchObject({ maxConnections: 40, problems: {} });
    expect(samples.where).toMatch(/^postgres at 127\.0\.0\.1:\d+ \(DATABASE_URL\)$/);
    await session.cleanups.run();
  });

  test('none there: it is said before the load', async () => {
    const session = new QuietSession();
    await expect(
      watchDatabase('postgresql://a:s3cret@127.0.0.1:1/x', session),
    ).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('(--database)'),
    });
    await expect(watchDatabase(undefined, session)).rejects.toThrow('no database given');
    await session.cleanups.run();
  });
});

describe('a monitor', () => {
  let answers: ServerResponse[] = [];
  const tokens: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/closed?events=') response.writeHead(401).end();
    else if (request.url !== '/lifeguard?events=') response.writeHead(404).end('none');
    else {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write('event: hello\ndata: {}\n\n');
      tokens.push(request.headers.authorization);
      answers.push(response);
    }
  });
  let origin: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const incident = { id: 'i1', kind: 'fan-out', title: 'so many', cause: 'because', remedy: 'do' };
  const state = (pending: number, timeouts: number) =>
    `id: b-1\nevent: state\ndata: ${JSON.stringify({
      snapshot: {
        pools: [
          {
            name: 'main',
            connections: { used: 3, idle: 1, max: 4 },
            pending,
            totals: { timeouts, shed: 1 },
            recent: { wait: { count: 2, p99Millis: 17 } },
          },
        ],
        incidents: { active: [{ ...incident, count: pending }], past: [] },
      },
    })}\n\n`;

  test('is listened to', async () => {
    answers = [];
    const session = new QuietSession({ LIFEGUARD_TOKEN: 'a-token' });
    const watch = await watchMonitor(`${origin}/lifeguard`, session);
    watch.begin();
    await expect.poll(() => answers.length, PATIENT).toBe(1);
    const text = state(7, 9);
    // In two pieces, as networks do it.
    answers[0]?.write(text.slice(0, 50));
    answers[0]?.write(text.slice(50));
    await expect.poll(() => watch.peek().pools.length, PATIENT).toBe(1);
    const { pools, incidents, where, problem } = watch.end();
    expect(pools[0]).toMatchObject({ name: 'main', used: [3], idle: [1], max: [4], pending: [7] });
    expect(pools[0]).toMatchObject({ waitP99: [17], refused: [0] });
    expect(incidents).toEqual([
      { kind: 'fan-out', title: 'so many', cause: 'because', remedy: 'do', count: 7 },
    ]);
    expect([where, problem]).toEqual([`${origin}/lifeguard`, null]);
    expect(tokens).toEqual(['Bearer a-token']);
    await session.cleanups.run();
  });

  test('counts from the beginning, and callers that were refused by what more there are', () => {
    const tally = new MonitorTally('here');
    const add = (at: number, pending: number, timeouts: number) =>
      tally.add(at, JSON.parse(state(pending, timeouts).split('data: ')[1] ?? '').snapshot);
    add(500, 1, 5);
    tally.begin(1_000);
    add(1_250, 2, 9);
    add(2_250, 3, 9);
    // Begun anew meanwhile: its counters too.
    add(3_250, 4, 1);
    expect(tally.result().pools[0]).toMatchObject({
      at: [0.25, 1.25, 2.25],
      pending: [2, 3, 4],
      refused: [4, 0, 0],
    });
  });

  test('that goes away is told of', async () => {
    answers = [];
    const session = new QuietSession();
    const watch = await watchMonitor(`${origin}/lifeguard`, session);
    await expect.poll(() => answers.length, PATIENT).toBe(1);
    answers[0]?.end();
    await expect.poll(() => watch.peek().problem, PATIENT).toBe('it ended its answer');
    await session.cleanups.run();
  });

  test.each([
    ['/closed', /set LIFEGUARD_TOKEN/],
    ['/', /no dashboard of Lifeguard is mounted there \(status 404\)/],
  ])('%s is refused', async (path, words) => {
    const session = new QuietSession();
    await expect(watchMonitor(`${origin}${path}`, session)).rejects.toThrow(words);
    await session.cleanups.run();
  });

  test('the events of a stream, however it is cut', async () => {
    const text = 'id: 1\nevent: a\ndata: {"x":1}\n\n: ping\n\ndata: ä\ndata: b\r\n\r\nevent: cut';
    const bytes = new TextEncoder().encode(text);
    async function* pieces(size: number) {
      for (let i = 0; i < bytes.length; i += size) yield bytes.slice(i, i + size);
    }
    for (const size of [1, 7, 1_000]) {
      const found = [];
      for await (const event of eventsOf(pieces(size))) found.push(event);
      expect(found).toEqual([
        { name: 'a', data: '{"x":1}' },
        { name: 'message', data: '' },
        { name: 'message', data: 'ä\nb' },
      ]);
    }
  });
});
