import { diagnose } from '@lifeguard/guard';
import { PoolTimeoutError } from '@lifeguard/pool';
import { startFaultProxy } from '@lifeguard/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PrismaClient } from '../testing/generated/client.ts';
import { eventually, type Library, openLibrary } from '../testing/library.ts';
import { unhandledRejections } from '../testing/rejections.ts';
import { errorOf } from '../testing/ways.ts';

let library: Library;
const rejections = unhandledRejections();

beforeAll(async () => {
  library = await openLibrary();
  await library.sql.query(`
    CREATE TABLE slow (millis int);
    CREATE FUNCTION take_its_time() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(NEW.millis / 1000.0); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION take_its_time()`);
});
afterEach(() => expect(rejections).toEqual([]));
afterAll(async () => {
  await library?.close();
});

type Options = NonNullable<Parameters<Library['open']>[0]>;

/** With one connection: whoever does not give it back stops everybody else. */
function single(options: Options = {}) {
  const { parameters, ...others } = options;
  return library.open({ ...others, parameters: { connection_limit: 1, ...parameters } });
}

const SLEEP = 'SELECT pg_sleep(30)::text';
const NEVER = new Promise<never>(() => {});

const expired = (operation: string, timeout: number) => ({
  code: 'P2028',
  message: expect.stringMatching(
    new RegExp(
      `Transaction API error: A ${operation} cannot be executed on an expired transaction\\. The timeout for this transaction was ${timeout} ms, however \\d+ ms passed since the start of the transaction\\.`,
    ),
  ),
  meta: expect.objectContaining({ operation, timeout, timeTaken: expect.any(Number) }),
});

async function running(text: string): Promise<number> {
  const { rows } = await library.sql.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%' || $1 || '%'`,
    [text],
  );
  return rows[0].n;
}

test('a transaction whose caller’s deadline is over gives its connection back, whatever its body waits for', async () => {
  const { db, prisma } = single();
  await prisma.author.count();
  let isRefused = false;
  const call = () =>
    prisma.$transaction(
      async (tx) => {
        await tx.author.create({ data: { name: 'Late' } });
        await new Promise((resolve) => setTimeout(resolve, 600));
        await tx.author.count().catch(() => {
          isRefused = true;
        });
      },
      { timeout: 20_000 },
    );
  const error = await errorOf(() => db.withDeadline(300, call));
  expect(error).toMatchObject({ code: 'P1008' });
  expect(diagnose(error).outcome).toBe('failed');
  // Another one has the only connection before the body has ended.
  expect(await prisma.author.count({ where: { name: 'Late' } })).toBe(0);
  expect(isRefused).toBe(false);
  await eventually(() => isRefused);
});

describe('a transaction over its timeout', () => {
  test('with a statement under way: cancelled, and the connection is free', async () => {
    const { prisma } = single();
    let seen: unknown;
    const error = await errorOf(() =>
      prisma.$transaction(
        async (tx) => {
          await tx.author.create({ data: { name: 'Late' } });
          await tx.$queryRawUnsafe(SLEEP).catch((thrown) => {
            seen = thrown;
            throw thrown;
          });
        },
        { timeout: 300 },
      ),
    );
    expect(error).toMatchObject({ code: 'P2028', message: expect.stringContaining('was 300 ms') });
    await eventually(() => seen !== undefined);
    expect(seen).toMatchObject({ ...expired('query', 300), cause: { code: '57014' } });
    expect(diagnose(error)).toMatchObject({ kind: 'tx-expired', outcome: 'failed' });
    expect(await prisma.author.count()).toBe(2);
    await eventually(async () => (await running('pg_sleep')) === 0);
  });

  test('with a body that never ends: its caller is told, and the connection is free', async () => {
    const { prisma } = single();
    const error = await errorOf(() =>
      prisma.$transaction(
        async (tx) => {
          await tx.author.create({ data: { name: 'Late' } });
          await NEVER;
        },
        { timeout: 300 },
      ),
    );
    expect(error).toMatchObject(expired('commit', 300));
    expect(await prisma.author.count()).toBe(2);
  });

  test('what its body does afterwards is refused', async () => {
    const { prisma } = single();
    let resume: () => void = () => {};
    const paused = new Promise<void>((resolve) => {
      resume = resolve;
    });
    let late: Promise<unknown> = NEVER;
    const error = await errorOf(() =>
      prisma.$transaction(
        async (tx) => {
          await tx.author.count();
          await paused;
          late = errorOf(() => tx.author.create({ data: { name: 'Late' } }));
          await late;
        },
        { timeout: 200 },
      ),
    );
    expect(error).toMatchObject(expired('commit', 200));
    resume();
    await eventually(() => late !== NEVER);
    expect(await late).toMatchObject(expired('query', 200));
    expect(await prisma.author.count()).toBe(2);
  });

  test('is one although a client without the extension begins another in its body', async () => {
    const { db, prisma } = library.open();
    const plain = new PrismaClient({ adapter: db.adapter });
    const error = await errorOf(() =>
      prisma.$transaction(
        async (tx) => {
          await tx.author.count();
          await plain.$transaction(async (other) => other.author.count());
          await NEVER;
        },
        { timeout: 300 },
      ),
    );
    expect(error).toMatchObject({ code: 'P2028', message: expect.stringContaining('was 300 ms') });
  });

  test('the longest that a timer can wait is not none', async () => {
    const { prisma } = single();
    const longest = { maxWait: 2 ** 31 - 1, timeout: Infinity };
    const books = prisma.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT pg_sleep(0.1)::text`;
      return tx.book.count();
    }, longest);
    expect(await books).toBe(20);
  });

  test('options that are null are none, as Prisma has it', async () => {
    const { prisma } = single();
    expect(await prisma.$transaction((tx) => tx.book.count(), null as never)).toBe(20);
  });

  test('a batch', async () => {
    const { prisma } = single();
    const error = await errorOf(() =>
      prisma.$transaction(
        [prisma.author.create({ data: { name: 'Late' } }), prisma.$queryRawUnsafe(SLEEP)],
        { timeout: 300 } as object,
      ),
    );
    expect(error).toMatchObject({ code: 'P2028', message: expect.stringContaining('was 300 ms') });
    expect(await prisma.author.count()).toBe(2);
    await eventually(async () => (await running('pg_sleep')) === 0);
  });

  test('one that Prisma opens by itself', async () => {
    const { prisma } = single({ transactions: { timeout: 300 } });
    await library.sql.query('BEGIN; LOCK TABLE "Book"');
    const data = { name: 'Late', books: { create: { title: 'Late' } } };
    const error = await errorOf(() => prisma.author.create({ data }));
    expect(error).toMatchObject(expired('query', 300));
    expect(error.message).toContain('Invalid `prisma.author.create()` invocation');
    expect(await prisma.author.count()).toBe(2);
    await library.sql.query('ROLLBACK');
  });

  test('a client’s own options are the default, and a call’s go first', async () => {
    const { db } = single();
    const prisma = new PrismaClient({
      adapter: db.adapter,
      transactionOptions: { timeout: 250 },
    }).$extends(db.extension);
    const sleep = () => prisma.$transaction((tx) => tx.$queryRawUnsafe(SLEEP));
    expect(await errorOf(sleep)).toMatchObject(expired('query', 250));
    const longer = (tx: { $queryRaw: typeof prisma.$queryRaw }) =>
      tx.$queryRaw`SELECT pg_sleep(0.4)::text`;
    await prisma.$transaction(longer, { timeout: 5_000 });
  });

  test('over a network that has gone silent', async () => {
    const proxy = await startFaultProxy({ target: library.server });
    const { db, prisma } = single({ url: proxy.url(library.server.url({ connection_limit: 1 })) });
    const error = await errorOf(() =>
      prisma.$transaction(
        async (tx) => {
          await tx.author.create({ data: { name: 'Late' } });
          proxy.halfOpen();
          await tx.author.count();
        },
        { timeout: 300 },
      ),
    );
    expect(error).toMatchObject({ code: 'P2028', message: expect.stringContaining('was 300 ms') });
    // The slot is not lost: the next one has a connection of its own.
    expect(await prisma.author.count()).toBe(2);
    expect(db.stats().counts.connects).toBe(2);
    proxy.close();
  });
});

describe('a COMMIT that is under way when the time is up', () => {
  const commit = (millis: number) => {
    const { prisma } = single();
    return prisma.$transaction(
      async (tx) => {
        await tx.$executeRaw`INSERT INTO slow VALUES (${millis})`;
        return 'committed';
      },
      { timeout: 300 },
    );
  };

  test('is waited for', async () => {
    expect(await commit(450)).toBe('committed');
    const { rows } = await library.sql.query('SELECT millis FROM slow');
    expect(rows).toEqual([{ millis: 450 }]);
  });

  test('but not for ever', async () => {
    const error = await errorOf(() => commit(30_000));
    expect(error).toMatchObject(expired('commit', 300));
    expect(error).toMatchObject({ outcome: 'failed' });
    const { rows } = await library.sql.query('SELECT millis FROM slow WHERE millis = 30000');
    expect(rows).toEqual([]);
  });
});

describe('a transaction that waits too long for its connection', () => {
  const starts: Record<string, (prisma: ReturnType<typeof single>['prisma']) => Promise<unknown>> =
    {
      transaction: (prisma) => prisma.$transaction(async () => 'ran'),
      batch: (prisma) => prisma.$transaction([prisma.author.count(), prisma.book.count()]),
      'nested write': (prisma) =>
        prisma.author.create({ data: { name: 'None', books: { create: { title: 'None' } } } }),
      'a long list': (prisma) =>
        prisma.book.findMany({
          where: { id: { in: Array.from({ length: 40_000 }, (_, i) => i) } },
        }),
    };

  test('is told who holds it, in Prisma’s words, and leaves the queue', async () => {
    const { db, prisma } = single({ transactions: { maxWait: 200 } });
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let holding: Promise<unknown> = NEVER;
    await new Promise<void>((entered) => {
      holding = prisma.$transaction(
        async (tx) => {
          await tx.book.findFirst();
          entered();
          await held;
        },
        { timeout: 60_000 },
      );
    });
    for (const [what, start] of Object.entries(starts)) {
      const error = await errorOf(() => start(prisma));
      expect(error, what).toMatchObject({
        code: 'P2028',
        message: expect.stringContaining(
          'Transaction API error: Unable to start a transaction in the given time.',
        ),
      });
      expect(error.cause, what).toBeInstanceOf(PoolTimeoutError);
      expect(`${error.cause}`, what).toContain('$transaction (Book.findFirst)');
      expect(diagnose(error), what).toMatchObject({
        kind: 'tx-start-timeout',
        outcome: 'not-sent',
      });
      expect(db.pool.waitingCount, what).toBe(0);
    }
    release();
    await holding;
    expect(db.stats().counts.checkouts).toBe(1);
  });
});

test('query_timeout loses no write: a connection with a statement under way goes to nobody', async () => {
  const { prisma } = single({ parameters: { query_timeout: 300 } });
  const error = await errorOf(() =>
    prisma.$transaction(async (tx) => {
      await tx.author.create({ data: { name: 'Rolled back' } });
      await tx.$queryRaw`SELECT pg_sleep(2)::text`;
    }),
  );
  expect(error).toMatchObject({ code: 'P1008', message: expect.stringContaining('timed out') });
  const names = ['First', 'Second', 'Third'];
  for (const name of names) await prisma.author.create({ data: { name } });
  // Seen by others, and so they are not in anybody's open transaction.
  const { rows } = await library.sql.query('SELECT name FROM "Author" WHERE id > 2 ORDER BY id');
  expect(rows.map(({ name }) => name)).toEqual(names);
  await library.sql.query('DELETE FROM "Author" WHERE id > 2');
});
