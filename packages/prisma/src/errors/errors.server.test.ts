import { createServer } from 'node:net';
import { diagnose } from '@lifeguard/guard';
import { PoolTimeoutError } from '@lifeguard/pool';
import { startFaultProxy } from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lifeguard } from '../lifeguard.ts';
import { Prisma, PrismaClient } from '../testing/generated/client.ts';
import { eventually, type Library, openLibrary } from '../testing/library.ts';
import { unhandledRejections } from '../testing/rejections.ts';
import { errorOf, IN_A_TRANSACTION, waysOf } from '../testing/ways.ts';

let library: Library;
let other: pg.Client;
const rejections = unhandledRejections();

beforeAll(async () => {
  library = await openLibrary();
  other = new pg.Client({ connectionString: library.server.url() });
  await other.connect();
});
afterEach(() => expect(rejections).toEqual([]));
afterAll(async () => {
  await other?.end();
  await library?.close();
});

/** Each failure shows as it is. */
const guard = { retry: false, breaker: false } as const;

const WAYS = Object.keys(waysOf({} as never));

/** What comes of each of the ways, one after the other, all of which must fail. */
async function failures(prisma: Parameters<typeof waysOf>[0], meanwhile?: () => Promise<unknown>) {
  const told: Record<string, Error & { cause?: unknown; meta?: Record<string, unknown> }> = {};
  for (const [way, call] of Object.entries(waysOf(prisma))) {
    const [error] = await Promise.all([errorOf(call), meanwhile?.()]);
    expect(error, way).toBeInstanceOf(Prisma.PrismaClientKnownRequestError);
    told[way] = error;
  }
  return told;
}

function codesOf(told: Record<string, unknown>) {
  return Object.fromEntries(
    Object.entries(told).map(([way, error]) => [way, (error as { code: string }).code]),
  );
}

const all = (code: string) => Object.fromEntries(WAYS.map((way) => [way, code]));

/** While `run` runs, nobody gets at the table. */
async function locked(run: () => Promise<void>): Promise<void> {
  await other.query('BEGIN; LOCK TABLE "Author"');
  try {
    await run();
  } finally {
    await other.query('ROLLBACK');
  }
}

/** Ends or cancels the session that waits for the lock. */
async function strikeWaiting(by: 'pg_terminate_backend' | 'pg_cancel_backend') {
  await eventually(async () => {
    const { rows } = await library.sql.query(
      `SELECT ${by}(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'struck'`,
    );
    return rows.length > 0;
  });
}

test('a connection lost mid statement is P1017 in every way, with the server’s own word', async () => {
  const { prisma } = library.open({ guard, parameters: { application_name: 'struck' } });
  await locked(async () => {
    const told = await failures(prisma, () => strikeWaiting('pg_terminate_backend'));
    expect(codesOf(told)).toEqual(all('P1017'));
    for (const [way, error] of Object.entries(told)) {
      expect(error.message, way).toContain('Server has closed the connection.');
      expect(error.meta, way).toMatchObject({
        driverAdapterError: { cause: { originalCode: '57P01' } },
      });
      expect(error.cause, way).toMatchObject({ code: '57P01' });
      const outcome = IN_A_TRANSACTION.has(way) ? 'failed' : 'unknown';
      expect(diagnose(error), way).toMatchObject({ kind: 'server-terminated', outcome });
    }
  });
  expect(await prisma.author.count()).toBe(2);
});

test('so it is when the network cuts it', async () => {
  const proxy = await startFaultProxy({ target: library.server });
  const { prisma } = library.open({ guard, url: proxy.url(library.server.url()) });
  await locked(async () => {
    const told = await failures(prisma, async () => {
      await eventually(async () => (await waiting()) > 0);
      proxy.reset();
      // A server that waits for a lock does not hear of it.
      await eventually(async () => {
        await library.sql.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'`,
        );
        return (await waiting()) === 0;
      });
    });
    expect(codesOf(told)).toEqual(all('P1017'));
    for (const [way, error] of Object.entries(told)) {
      const outcome = IN_A_TRANSACTION.has(way) ? 'failed' : 'unknown';
      expect(diagnose(error), way).toMatchObject({ kind: 'stale-connection', outcome });
    }
  });
  expect(await prisma.author.count()).toBe(2);
  proxy.close();
});

async function waiting(): Promise<number> {
  const { rows } = await library.sql.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'`,
  );
  return rows[0].n;
}

test('a session that was ended while its transaction was idle is P1017, and says why', async () => {
  const { prisma } = library.open({
    guard,
    parameters: { idle_in_transaction_session_timeout: 200 },
  });
  for (const next of ['statement', 'commit']) {
    const error = await errorOf(() =>
      prisma.$transaction(async (tx) => {
        await tx.author.findFirst();
        await eventually(async () => (await sessions()) === 0);
        if (next === 'statement') await tx.author.findFirst();
      }),
    );
    expect(error, next).toMatchObject({ code: 'P1017', cause: { code: '25P03' } });
    expect(diagnose(error), next).toMatchObject({ kind: 'idle-in-transaction-killed' });
    expect(diagnose(error).outcome, next).toBe(next === 'statement' ? 'failed' : 'unknown');
  }

  async function sessions(): Promise<number> {
    const { rows } = await library.sql.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'idle in transaction'`,
    );
    return rows[0].n;
  }
});

test('a statement over the server’s limit is P1008 in every way', async () => {
  const { db, prisma } = library.open({ guard, parameters: { statement_timeout: 100 } });
  await locked(async () => {
    const told = await failures(prisma);
    expect(codesOf(told)).toEqual(all('P1008'));
    for (const [way, error] of Object.entries(told)) {
      expect(error.message, way).toContain('Operations timed out');
      expect(error.cause, way).toMatchObject({ code: '57014' });
      expect(diagnose(error), way).toMatchObject({ kind: 'statement-timeout', outcome: 'failed' });
    }
  });
  expect(await prisma.author.count()).toBe(2);
  expect(db.stats().connections.checkedOut).toBe(0);
});

test('one that somebody cancelled is no matter of a limit', async () => {
  const { prisma } = library.open({ guard, parameters: { application_name: 'struck' } });
  await locked(async () => {
    const told = await failures(prisma, () => strikeWaiting('pg_cancel_backend'));
    expect(codesOf(told)).toEqual({
      ...all('P2039'),
      'raw read': 'P2010',
      'raw write': 'P2010',
      'raw batch': 'P2010',
      'raw transaction': 'P2010',
    });
    for (const error of Object.values(told)) {
      expect(diagnose(error)).toMatchObject({ kind: 'statement-timeout', outcome: 'failed' });
    }
  });
});

describe('at COMMIT', () => {
  test('a write conflict is P2034, as it is before', async () => {
    const { prisma } = library.open({ guard });
    const options = { isolationLevel: 'Serializable' } as const;
    // Each reads what the other one writes: only one of them can be right.
    let done = 0;
    const skew = (id: number) =>
      prisma.$transaction(async (tx) => {
        await tx.book.count({ where: { authorId: 3 - id } });
        await tx.book.create({ data: { title: 'Skewed', authorId: id } });
        done++;
        await eventually(() => done === 2);
      }, options);
    const outcomes = await Promise.allSettled([skew(1), skew(2)]);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(1);
    const { reason } = refused[0] as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(Prisma.PrismaClientKnownRequestError);
    expect(reason).toMatchObject({
      code: 'P2034',
      message:
        'Transaction failed due to a write conflict or a deadlock. Please retry your transaction',
      meta: { driverAdapterError: { cause: { originalCode: '40001' } } },
      cause: { code: '40001' },
    });
    expect(diagnose(reason)).toMatchObject({ kind: 'write-conflict-deadlock', outcome: 'failed' });
    await library.sql.query(`DELETE FROM "Book" WHERE title = 'Skewed'`);
  });

  test('a constraint that was deferred is P2002 or P2003', async () => {
    const { prisma } = library.open({ guard });
    await library.sql.query(
      `CREATE TABLE deferred (id int UNIQUE DEFERRABLE INITIALLY DEFERRED,
         author int REFERENCES "Author" DEFERRABLE INITIALLY DEFERRED)`,
    );
    const insert = (id: number, author: number | null) =>
      prisma.$executeRaw`INSERT INTO deferred VALUES (${id}, ${author})`;
    const unique = () => prisma.$transaction([insert(1, null), insert(1, null)]);
    const foreign = () =>
      prisma.$transaction((tx) => tx.$executeRaw`INSERT INTO deferred VALUES (2, 999)`);
    expect(await errorOf(unique)).toMatchObject({ code: 'P2002' });
    expect(await errorOf(foreign)).toMatchObject({
      code: 'P2003',
      message: 'Foreign key constraint violated on the constraint: `deferred_author_fkey`',
    });
  });

  test('a lost connection leaves it unknown whether it was done', async () => {
    const { prisma } = library.open({ guard, parameters: { application_name: 'struck' } });
    await library.sql.query(`
      CREATE TABLE slow (id int);
      CREATE FUNCTION wait_for_lock() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN LOCK TABLE "Author"; RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION wait_for_lock()`);
    await locked(async () => {
      const [error] = await Promise.all([
        errorOf(() => prisma.$transaction((tx) => tx.$executeRaw`INSERT INTO slow VALUES (1)`)),
        strikeWaiting('pg_terminate_backend'),
      ]);
      expect(error).toMatchObject({ code: 'P1017', outcome: 'unknown' });
      expect(diagnose(error)).toMatchObject({ kind: 'server-terminated', outcome: 'unknown' });
    });
  });
});

describe('a server that takes nobody', () => {
  const open = (url: string) => {
    const db = lifeguard({ url, guard, signals: false });
    return { db, prisma: new PrismaClient({ adapter: db.adapter }).$extends(db.extension) };
  };

  test('full: P2024 after the wait, P2037 as its cause; then all is well', async () => {
    await library.sql.query(`
      CREATE ROLE narrow LOGIN PASSWORD 'narrow' CONNECTION LIMIT 1;
      GRANT ALL ON ALL TABLES IN SCHEMA public TO narrow`);
    const url = new URL(library.server.url({ connection_limit: 3, pool_timeout: 0.2 }));
    url.username = 'narrow';
    url.password = 'narrow';
    const occupant = new pg.Client({ connectionString: `${url}` });
    await occupant.connect();
    const { db, prisma } = open(`${url}`);
    const told = await failures(prisma);
    expect(codesOf(told)).toEqual(all('P2024'));
    for (const [way, error] of Object.entries(told)) {
      expect(error.meta, way).toMatchObject({ connection_limit: 3, timeout: 0.2 });
      expect(error.cause, way).toBeInstanceOf(Prisma.PrismaClientKnownRequestError);
      expect(error.cause, way).toMatchObject({
        code: 'P2037',
        message: expect.stringContaining('Too many database connections opened: too many'),
        cause: { cause: { code: '53300' } },
      });
      expect((error.cause as Error).cause, way).toBeInstanceOf(PoolTimeoutError);
      expect(diagnose(error), way).toMatchObject({
        kind: 'role-connection-limit',
        outcome: 'not-sent',
      });
    }
    await occupant.end();
    await eventually(async () => (await prisma.author.count().catch(() => 0)) === 2);
    await db.shutdown();
  });

  test('not there: P1001 in every way', async () => {
    const { db, prisma } = open('postgresql://u:p@127.0.0.1:1/x');
    const told = await failures(prisma);
    expect(codesOf(told)).toEqual(all('P1001'));
    for (const [way, error] of Object.entries(told)) {
      expect(error.message, way).toContain("Can't reach database server at 127.0.0.1:1");
      expect(diagnose(error), way).toMatchObject({ kind: 'unreachable', outcome: 'not-sent' });
    }
    await db.shutdown();
  });

  test('starting, ending the conversation, or hanging up on it: P1001', async () => {
    const startUp = 'SFATAL\0C57P03\0Mthe database system is starting up\0\0';
    const message = Buffer.concat([Buffer.from('E'), Buffer.alloc(4), Buffer.from(startUp)]);
    message.writeInt32BE(message.length - 1, 1);
    const answers = { starting: message, 'hanging up': Buffer.alloc(0) };
    for (const [what, answer] of Object.entries(answers)) {
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.end(answer));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      const { db, prisma } = open(`postgresql://u:p@127.0.0.1:${port}/x?pool_timeout=0.3`);
      const told = await failures(prisma);
      expect(codesOf(told), what).toEqual(all('P1001'));
      for (const error of Object.values(told)) {
        expect(error.message).toContain(`Can't reach database server at 127.0.0.1:${port}`);
        expect(diagnose(error).outcome).toBe('not-sent');
      }
      if (what === 'starting') {
        expect(diagnose(told.read)).toMatchObject({ kind: 'server-starting' });
      }
      await db.shutdown({ timeout: 500 });
      server.close();
    }
  });

  test('of a wrong password or database raw SQL says the same as a model', async () => {
    const wrong = new URL(library.server.url());
    wrong.password = 'wrong';
    const missing = new URL(library.server.url());
    missing.pathname = '/missing';
    for (const [url, code] of [
      [wrong, 'P1000'],
      [missing, 'P1003'],
    ] as const) {
      const { db, prisma } = open(`${url}`);
      const told = await failures(prisma);
      expect(codesOf(told)).toEqual(all(code));
      for (const error of Object.values(told)) expect(error.message).not.toContain('wrong');
      await db.shutdown();
    }
  });
});

test('after the end it is P1017 in every way, and nothing is tried again', async () => {
  const { db, prisma } = library.open({ guard });
  await prisma.author.findFirst();
  await db.shutdown();
  const told = await failures(prisma);
  expect(codesOf(told)).toEqual(all('P1017'));
  for (const error of Object.values(told)) {
    expect(diagnose(error)).toMatchObject({
      kind: 'lifecycle-misuse',
      outcome: 'not-sent',
      transient: false,
    });
  }
});

test('without the extension the codes are the same', async () => {
  const db = lifeguard({ url: 'postgresql://u:p@127.0.0.1:1/x', signals: false });
  const prisma = new PrismaClient({ adapter: db.adapter });
  expect(codesOf(await failures(prisma as never))).toEqual(all('P1001'));
  await db.shutdown();
});

test('an error of the data is Prisma’s own affair', async () => {
  const { prisma } = library.open({ guard });
  const error = await errorOf(() => prisma.author.create({ data: { name: 'Ada' } }));
  expect(error).toMatchObject({ code: 'P2002', meta: { modelName: 'Author' } });
  expect(error.cause).toBeUndefined();
});
