import type { GuardEvent } from '@lifeguard/guard';
import { diagnose } from '@lifeguard/guard';
import { startFaultProxy } from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Library, openLibrary } from '../testing/library.ts';
import { unhandledRejections } from '../testing/rejections.ts';
import { errorOf } from '../testing/ways.ts';

let library: Library;
let other: pg.Client;
const rejections = unhandledRejections();

beforeAll(async () => {
  library = await openLibrary();
  other = new pg.Client({ connectionString: library.server.url() });
  await other.connect();
  await library.sql.query(`
    CREATE FUNCTION count_authors() RETURNS int LANGUAGE sql AS
      $$ SELECT count(*)::int FROM "Author" $$`);
});
afterEach(() => expect(rejections).toEqual([]));
afterAll(async () => {
  await other?.end();
  await library?.close();
});

type Client = ReturnType<Library['open']>['prisma'];
type Options = NonNullable<Parameters<Library['open']>[0]>;

/** A client whose guard's decisions are kept. */
function open(options: Options = {}) {
  const events: GuardEvent[] = [];
  const guard = { ...options.guard, onEvent: (event: GuardEvent) => events.push(event) };
  const opened = library.open({ ...options, guard });
  return { ...opened, events, types: () => events.map(({ type }) => type) };
}

/** Ends the session of `call` when it waits for a lock, and opens the way for whoever comes next. */
async function interrupted<T>(call: () => Promise<T>): Promise<T> {
  await other.query('BEGIN; LOCK TABLE "Author"');
  const running = call();
  running.catch(() => {});
  try {
    await eventually(async () => {
      const { rows } = await library.sql.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
  } finally {
    await other.query('ROLLBACK');
  }
  return running;
}

test('an operation is begun again with the arguments that it was called with', async () => {
  const { prisma, types } = open();
  const where = { id: 1 };
  const read = () => {
    const author = prisma.author.findFirstOrThrow({ where }).then(({ name }) => name);
    // Somebody else uses the same object.
    setImmediate(() => {
      where.id = 2;
    });
    return author;
  };
  expect(await interrupted(read)).toBe('Ada');
  expect(where.id).toBe(2);
  expect(types()).toContain('retry');
});

describe('an operation whose connection was lost', () => {
  const reads: Record<string, (prisma: Client) => Promise<unknown>> = {
    'a read': (prisma) => prisma.author.findMany({ include: { books: true } }),
    'a raw read': (prisma) => prisma.$queryRaw`SELECT count(*)::int FROM "Author"`,
    'an unsafe raw read': (prisma) =>
      prisma.$queryRawUnsafe('SELECT 1 FROM "Author" WHERE id = $1', 1),
  };
  test.each(Object.entries(reads))('%s is tried again, unseen', async (_, read) => {
    const { prisma, events } = open();
    expect(await interrupted(() => read(prisma))).toBeTruthy();
    expect(events).toMatchObject([
      { type: 'retry', attempt: 1, finding: { kind: 'server-terminated', outcome: 'unknown' } },
    ]);
  });

  const others: Record<string, (prisma: Client) => Promise<unknown>> = {
    'a write': (prisma) => prisma.author.create({ data: { name: 'Once' } }),
    'a raw write': (prisma) => prisma.$executeRaw`UPDATE "Author" SET name = name`,
    'a query that may write': (prisma) => prisma.$queryRaw`SELECT count_authors()`,
    'a batch of reads': (prisma) =>
      prisma.$transaction([prisma.author.count(), prisma.author.findFirst()]),
    'a nested write': (prisma) =>
      prisma.author.create({ data: { name: 'Once', books: { create: { title: 'Once' } } } }),
    'a transaction': (prisma) => prisma.$transaction((tx) => tx.author.count()),
  };
  test.each(Object.entries(others))('%s is not', async (_, run) => {
    const { prisma, types } = open();
    expect(await errorOf(() => interrupted(() => run(prisma)))).toMatchObject({ code: 'P1017' });
    expect(types()).not.toContain('retry');
    expect(await prisma.author.count()).toBe(2);
  });
});

describe('what was certainly not sent', () => {
  const calls: Record<string, (prisma: Client) => Promise<unknown>> = {
    'a write': (prisma) => prisma.book.updateMany({ data: { title: 'Same' } }),
    'a nested write': (prisma) =>
      prisma.author.update({
        where: { id: 1 },
        data: { books: { updateMany: { where: {}, data: {} } } },
      }),
    'a raw write': (prisma) => prisma.$executeRaw`UPDATE "Author" SET name = name`,
    'a batch': (prisma) => prisma.$transaction([prisma.author.count(), prisma.book.count()]),
    'a transaction': (prisma) => prisma.$transaction((tx) => tx.author.count()),
  };
  test.each(Object.entries(calls))('%s is tried again', async (_, call) => {
    const proxy = await startFaultProxy({ target: library.server });
    proxy.refuse();
    const { prisma, db, events } = open({ url: proxy.url(library.server.url()) });
    db.onEvent(() => proxy.accept());
    await call(prisma);
    expect(events).toMatchObject([
      { type: 'retry', finding: { kind: 'unreachable', outcome: 'not-sent' } },
    ]);
    await db.shutdown();
    proxy.close();
  });

  test('but not when the caller has waited for a connection in vain', async () => {
    const { prisma, events } = open({ parameters: { connection_limit: 1, pool_timeout: 0.2 } });
    await prisma.$transaction(async (tx) => {
      await tx.author.count();
      const elsewhere = [
        () => prisma.author.findFirst(),
        () => prisma.$transaction((tx) => tx.author.count(), { maxWait: 100 }),
      ];
      for (const wait of elsewhere) {
        const error = await new Promise<unknown>((resolve) => {
          // Not in the body's own flow, which would be a self-deadlock.
          setImmediate(() => errorOf(wait).then(resolve));
        });
        expect(['P2024', 'P2028']).toContain((error as { code: string }).code);
      }
    });
    expect(events).toEqual([]);
  });
});

test('an operation of several statements, some of which have run, is not begun again', async () => {
  const proxy = await startFaultProxy({ target: library.server });
  const { prisma, db, types } = open({ url: proxy.url(library.server.url()) });
  // Each write of Prisma's runs twice, as one of several statements does.
  const connect = db.adapter.connect.bind(db.adapter);
  db.adapter.connect = async () => {
    const adapter = await connect();
    const executeRaw = adapter.executeRaw.bind(adapter);
    adapter.executeRaw = async (statement) => {
      await executeRaw(statement);
      proxy.refuse();
      proxy.reset();
      await eventually(() => db.pool.totalCount === 0);
      return executeRaw(statement);
    };
    return adapter;
  };
  const error = await errorOf(() => prisma.book.updateMany({ data: { title: 'Same' } }));
  expect(error).toMatchObject({ code: 'P1001', outcome: 'not-sent' });
  expect(types()).toEqual([]);
  await db.shutdown();
  proxy.close();
});

describe('while the database is not there', () => {
  test('callers are refused at once, in every way, and before anything is sent', async () => {
    const proxy = await startFaultProxy({ target: library.server });
    const { prisma, db, types } = open({
      url: proxy.url(library.server.url()),
      guard: { breaker: { openMillis: 60_000, maxOpenMillis: 60_000 } },
    });
    await prisma.author.count();
    proxy.refuse();
    proxy.reset();
    await eventually(async () => {
      await prisma.author.count().catch(() => {});
      return types().includes('breaker-open');
    });
    const { connectFailures } = db.stats().counts;
    const calls = {
      read: () => prisma.author.count(),
      write: () => prisma.author.create({ data: { name: 'None' } }),
      raw: () => prisma.$queryRaw`SELECT 1`,
      batch: () => prisma.$transaction([prisma.author.count(), prisma.book.count()]),
      transaction: () => prisma.$transaction(async () => 'ran'),
    };
    for (const [way, call] of Object.entries(calls)) {
      const error = await errorOf(call);
      expect(error, way).toMatchObject({
        code: 'P1001',
        message: expect.stringContaining("Can't reach database server at 127.0.0.1:"),
        meta: { reason: 'breaker-open', retry_after: expect.any(Number) },
        cause: { code: 'LIFEGUARD_BREAKER_OPEN' },
      });
      expect(diagnose(error), way).toMatchObject({ kind: 'unreachable', outcome: 'not-sent' });
    }
    expect(db.stats().counts.connectFailures).toBe(connectFailures);
    expect(db.guard.breaker?.status()).toMatchObject({ state: 'open' });
    expect(db.monitor.incidents()).toContainEqual(
      expect.objectContaining({ kind: 'breaker-opened' }),
    );
    expect(await db.health()).toMatchObject({
      status: 'fail',
      checks: { 'breaker:state': { output: expect.stringContaining('unreachable') } },
    });
    await db.shutdown();
    proxy.close();
  });

  test('a transaction that has begun goes on', async () => {
    const { prisma, db } = open();
    const lost = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    await prisma.$transaction(async (tx) => {
      await tx.author.count();
      await eventually(async () => {
        const fails = () => db.guard.run(() => Promise.reject(lost()), { kind: 'once' });
        await fails().catch(() => {});
        return db.guard.breaker?.status().state === 'open';
      });
      expect(await errorOf(() => prisma.author.count())).toMatchObject({ code: 'P1001' });
      expect(await tx.author.count()).toBe(2);
    });
  });
});

describe('what else the body of a transaction asks for, and can’t reach', () => {
  const elsewhere = () =>
    Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:8443'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });

  test('does not open the breaker of the database', async () => {
    const { db, prisma, types } = open();
    const begun = performance.now();
    while (performance.now() - begun < 300) {
      const error = elsewhere();
      const thrown = await errorOf(() =>
        prisma.$transaction(async (tx) => {
          await tx.author.count();
          throw error;
        }),
      );
      expect(thrown).toBe(error);
    }
    expect(db.guard.breaker?.status().state).toBe('closed');
    expect(types()).toEqual([]);
  });

  test('is no reason to begin again, also when a conflict would be', async () => {
    const { prisma, types } = open({ transactions: { retry: true } });
    let bodies = 0;
    const call = () =>
      prisma.$transaction(async (tx) => {
        bodies++;
        await tx.author.count();
        throw elsewhere();
      });
    expect(await errorOf(call)).toMatchObject({ code: 'ECONNREFUSED' });
    expect(bodies).toBe(1);
    expect(types()).toEqual([]);
  });

  test('its own lost connection is one, also wrapped by its body', async () => {
    const { prisma, types } = open({ transactions: { retry: true } });
    let bodies = 0;
    const call = () =>
      prisma.$transaction(async (tx) => {
        bodies++;
        const [{ pid } = { pid: 0 }] = await tx.$queryRaw<
          { pid: number }[]
        >`SELECT pg_backend_pid() AS pid`;
        if (bodies === 1) await library.sql.query('SELECT pg_terminate_backend($1)', [pid]);
        return tx.author.count().catch((error) => {
          throw new Error('the stock is not known', { cause: error });
        });
      });
    expect(await call()).toBe(2);
    expect(types()).toEqual(['retry']);
  });
});

test.each(['transactions', 'nested writes'])(
  '%s that find no connection in time do not keep reads from being served',
  async (kind) => {
    const { prisma, db, types } = open({
      parameters: { connection_limit: 3 },
      transactions: { maxWait: 50 },
    });
    const data = { name: 'Edsger', books: { create: { title: 'Discipline' } } };
    const start: () => Promise<unknown> =
      kind === 'transactions'
        ? () => prisma.$transaction(async () => 'ran')
        : () => prisma.author.create({ data });
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const hold = (tx: { author: typeof prisma.author }) => tx.author.count().then(() => held);
    const patient = { timeout: 60_000, maxWait: 5_000 };
    const holders = [1, 2].map(() => prisma.$transaction(hold, patient));
    await eventually(() => db.stats().connections.checkedOut === 2);
    for (let i = 0; i < 12; i++) {
      expect(await errorOf(start)).toMatchObject({ code: 'P2028' });
    }
    expect(await prisma.author.count()).toBe(2);
    expect(types()).not.toContain('breaker-open');
    release();
    await Promise.all(holders);
  },
);

describe('a deadline', () => {
  test('for each operation bounds all its attempts', async () => {
    const { prisma, types } = open({ deadlineMillis: 200 });
    await prisma.book.count();
    await other.query('BEGIN; LOCK TABLE "Author"');
    for (const call of [
      () => prisma.author.count(),
      () => prisma.author.create({ data: { name: 'Late' } }),
    ]) {
      const error = await errorOf(call);
      expect(error).toMatchObject({ code: 'P1008' });
      expect(diagnose(error)).toMatchObject({ kind: 'statement-timeout' });
    }
    // What was under way is cancelled.
    await eventually(async () => {
      const { rows } = await library.sql.query(
        `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'`,
      );
      return rows.length === 0;
    });
    await other.query('ROLLBACK');
    expect(types()).not.toContain('retry');
    expect(await prisma.author.count()).toBe(2);
  });

  test('around several holds for all of them, also within a transaction', async () => {
    const { db, prisma } = open({ parameters: { connection_limit: 1 } });
    await prisma.author.count();
    const seen: unknown[] = [];
    const sleep = 'SELECT pg_sleep(30)::text';
    const call = () =>
      db.withDeadline(200, () =>
        prisma.$transaction(async (tx) => {
          await tx.$queryRawUnsafe(sleep).catch((error) => {
            seen.push(error);
            throw error;
          });
        }),
      );
    expect(await errorOf(call)).toMatchObject({ code: 'P1008' });
    await eventually(() => seen.length > 0);
    expect(seen).toMatchObject([{ code: 'P1008', cause: { code: '57014' } }]);
    expect(await prisma.author.count()).toBe(2);
  });

  test('is kept by its caller even when nobody answers', async () => {
    const { db } = open();
    const never = () => db.withDeadline(100, () => new Promise<never>(() => {}));
    expect(await errorOf(never)).toMatchObject({ code: 'P1008', outcome: 'unknown' });
  });
});
