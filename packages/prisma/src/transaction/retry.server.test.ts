import type { GuardEvent } from '@lifeguard/guard';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { Prisma, PrismaClient } from '../testing/generated/client.ts';
import { eventually, type Library, openLibrary } from '../testing/library.ts';
import { unhandledRejections } from '../testing/rejections.ts';
import { errorOf } from '../testing/ways.ts';
import { type RetryableOptions, retryable } from './retryable.ts';

let library: Library;
let other: pg.Client;
const rejections = unhandledRejections();

beforeAll(async () => {
  library = await openLibrary();
  other = new pg.Client({ connectionString: library.server.url() });
  await other.connect();
});
afterEach(async () => {
  expect(rejections).toEqual([]);
  await library.sql.query('DELETE FROM "Book" WHERE id > 20');
});
afterAll(async () => {
  await other?.end();
  await library?.close();
});

type Options = NonNullable<Parameters<Library['open']>[0]>;

function open(options: Options = {}) {
  const events: GuardEvent[] = [];
  const opened = library.open({ ...options, guard: { onEvent: (event) => events.push(event) } });
  const retries = () => events.filter(({ type }) => type === 'retry').length;
  return { ...opened, events, retries };
}

/** Two transactions of which each reads what the other one writes: only one can be right at once. */
function skewed(prisma: ReturnType<typeof open>['prisma']) {
  let bodies = 0;
  let inserted = 0;
  const run = (id: number, options: RetryableOptions = {}) =>
    prisma.$transaction(
      async (tx) => {
        bodies++;
        const seen = await tx.book.count({ where: { authorId: 3 - id } });
        await tx.book.create({ data: { title: `Saw ${seen}`, authorId: id } });
        inserted++;
        await eventually(() => inserted >= 2);
        return seen;
      },
      { isolationLevel: 'Serializable', ...options },
    );
  return { run, bodies: () => bodies };
}

describe('a whole transaction', () => {
  test('is run again after a conflict at its COMMIT, with a fresh call of its body', async () => {
    const { prisma, retries } = open();
    const { run, bodies } = skewed(prisma);
    const seen = await Promise.all([run(1, retryable()), run(2, retryable())]);
    expect(bodies()).toBe(3);
    expect(retries()).toBe(1);
    // One after the other, as if there had been no other way.
    expect(seen.toSorted()).toEqual([10, 11]);
  });

  test.each(['a model', 'raw SQL'])('also at a statement of %s', async (of) => {
    const { prisma, retries } = open();
    const where = { id: 1 };
    let bodies = 0;
    await prisma.$transaction(
      async (tx) => {
        bodies++;
        await tx.author.count();
        // Somebody else is faster.
        if (bodies === 1) await library.sql.query(`UPDATE "Author" SET name = 'Ada' WHERE id = 1`);
        if (of === 'a model') await tx.author.update({ where, data: { name: 'Ada' } });
        else await tx.$executeRaw`UPDATE "Author" SET name = 'Ada' WHERE id = 1`;
      },
      retryable({ isolationLevel: 'RepeatableRead' }),
    );
    expect(bodies).toBe(2);
    expect(retries()).toBe(1);
  });

  test('is not, unless it is asked for', async () => {
    const { prisma, retries } = open();
    const { run, bodies } = skewed(prisma);
    const outcomes = await Promise.allSettled([run(1), run(2)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(bodies()).toBe(2);
    expect(retries()).toBe(0);
  });

  test('for all of a client, except where a call says no', async () => {
    const { prisma } = open({ transactions: { retry: { attempts: 5 } } });
    const { run, bodies } = skewed(prisma);
    await Promise.all([run(1), run(2)]);
    expect(bodies()).toBe(3);
    const again = skewed(prisma);
    const once = retryable({ attempts: 1 });
    const never = [again.run(1, once), again.run(2, once)];
    const outcomes = await Promise.allSettled(never);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('as a batch', async () => {
    const { prisma, retries } = open();
    const add = () => prisma.$executeRaw`UPDATE "Book" SET title = title || '+' WHERE id = 1`;
    const batch = () =>
      prisma.$transaction(
        // A snapshot, a while for the other one to take its own, and a write to the same row.
        [prisma.book.count(), prisma.$queryRaw`SELECT pg_sleep(0.2)::text`, add()],
        retryable({ isolationLevel: 'RepeatableRead', attempts: 10 }),
      );
    const [[count, , updated]] = await Promise.all([batch(), batch(), batch()]);
    expectTypeOf(count).toEqualTypeOf<number>();
    expect([count, updated]).toEqual([20, 1]);
    expect(retries()).toBeGreaterThanOrEqual(2);
    expect(await prisma.book.findFirst({ where: { id: 1 } })).toMatchObject({ title: 'Book 1+++' });
  });

  test('as often as was said', async () => {
    const { prisma } = open();
    let bodies = 0;
    const conflict = async (tx: Pick<typeof prisma, '$executeRaw'>) => {
      bodies++;
      await tx.$executeRaw`DO $$ BEGIN RAISE SQLSTATE '40001'; END $$`;
    };
    const error = await errorOf(() => prisma.$transaction(conflict, retryable({ attempts: 5 })));
    expect(error).toMatchObject({ code: 'P2010' });
    expect(bodies).toBe(5);
  });

  test('that lost its connection before its COMMIT', async () => {
    const { prisma, retries } = open();
    let bodies = 0;
    const title = await prisma.$transaction(async (tx) => {
      bodies++;
      await tx.book.create({ data: { title: `Attempt ${bodies}`, authorId: 1 } });
      if (bodies === 1) await terminate();
      return (await tx.book.findFirst({ orderBy: { id: 'desc' } }))?.title;
    }, retryable());
    expect(title).toBe('Attempt 2');
    expect(retries()).toBe(1);
    expect(await prisma.book.count()).toBe(21);
  });

  test('that had heard of the loss before it asked again', async () => {
    const { prisma, retries } = open();
    let bodies = 0;
    const title = await prisma.$transaction(async (tx) => {
      bodies++;
      const [{ pid } = { pid: 0 }] = await tx.$queryRaw<
        { pid: number }[]
      >`SELECT pg_backend_pid() AS pid`;
      if (bodies === 1) {
        await terminate();
        await isGone(pid);
      }
      return (await tx.author.findFirst({ orderBy: { id: 'asc' } }))?.name;
    }, retryable());
    expect(title).toBe('Ada');
    expect(retries()).toBe(1);
  });

  test('but not at its COMMIT: it may have been done', async () => {
    const { prisma, events } = open();
    await library.sql.query(`
      CREATE TABLE slow (id int);
      CREATE FUNCTION wait_for_lock() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN LOCK TABLE "Author"; RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION wait_for_lock()`);
    await other.query('BEGIN; LOCK TABLE "Author"');
    const commit = errorOf(() =>
      prisma.$transaction((tx) => tx.$executeRaw`INSERT INTO slow VALUES (1)`, retryable()),
    );
    await terminate();
    expect(await commit).toMatchObject({ code: 'P1017', outcome: 'unknown' });
    await other.query('ROLLBACK');
    expect(events).toMatchObject([{ type: 'give-up', reason: 'may-have-run' }]);
  });

  test('never for what the application itself throws', async () => {
    const { prisma } = open();
    let bodies = 0;
    const refuse = () =>
      prisma.$transaction(async () => {
        bodies++;
        throw new Error('sold out');
      }, retryable());
    expect(await errorOf(refuse)).toMatchObject({ message: 'sold out' });
    expect(bodies).toBe(1);
  });

  test('only from the outside, and only with a number that makes sense', async () => {
    const { prisma } = open();
    const nested = () =>
      prisma.$transaction((tx) => tx.$transaction(async () => 'ran', retryable()));
    await expect(nested()).rejects.toThrow(/retry belongs to the outermost \$transaction/);
    expect(() => retryable({ attempts: 0 })).toThrow(/give true, false, or \{ attempts \}/);
    expect(() => library.open({ transactions: { retry: 'yes' as never } })).toThrow(/give true/);
    await prisma.$transaction(async (tx) => {
      await tx.$transaction((inner) => inner.book.count());
    });
  });
});

/** Its last words came before: whoever was connected to it has heard them by the next answer from elsewhere. */
async function isGone(pid: number): Promise<void> {
  await eventually(async () => {
    const { rows } = await library.sql.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid]);
    return rows.length === 0;
  });
  await library.sql.query('SELECT 1');
}

/** Ends the session that is in a transaction and waits, for its client or for a lock. */
async function terminate(): Promise<void> {
  await eventually(async () => {
    const { rows } = await library.sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE pid NOT IN (pg_backend_pid(), $1)
         AND (state = 'idle in transaction' OR wait_event_type = 'Lock')`,
      [(other as unknown as { processID: number }).processID],
    );
    return rows.length > 0;
  });
}

test('the types of $transaction are Prisma’s own', () => {
  const { db, prisma } = open();
  const plain = new PrismaClient({ adapter: db.adapter }).$extends({});
  const of = (client: typeof plain) => [
    () => client.$transaction([client.book.count(), client.author.findFirst()]),
    () => client.$transaction(async (tx) => tx.book.findFirstOrThrow()),
  ];
  const ours = [
    () => prisma.$transaction([prisma.book.count(), prisma.author.findFirst()], retryable()),
    () =>
      prisma.$transaction(
        async (tx) => tx.book.findFirstOrThrow(),
        retryable({ isolationLevel: Prisma.TransactionIsolationLevel.Serializable, attempts: 5 }),
      ),
  ];
  expectTypeOf(ours).toEqualTypeOf<ReturnType<typeof of>>();

  // As applications name the type of a transaction's client.
  type Tx = Parameters<Parameters<typeof prisma.$transaction>[0]>[0];
  const count = (tx: Tx) => tx.book.count();
  const uses = () => prisma.$transaction((tx) => count(tx), retryable());
  expectTypeOf(uses).returns.resolves.toEqualTypeOf<number>();

  // @ts-expect-error: not a level of PostgreSQL's.
  const level = () => retryable({ isolationLevel: 'Chaos' });
  // @ts-expect-error: no such option.
  const option = () => retryable({ retries: 3 });
  expect([level, option]).toHaveLength(2);
});
