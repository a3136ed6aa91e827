import type { Incident } from '@lifeguard/monitor';
import { RequestScope, withRequest } from '@lifeguard/pool';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PrismaClient } from '../testing/generated/client.ts';
import { type Library, openLibrary } from '../testing/library.ts';

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library?.close());

/** A client as in production, which is told of what is found. */
function open(options: Parameters<Library['open']>[0] = {}) {
  const told: Incident[] = [];
  const { db } = library.open({
    onFinding: (finding) => told.push(finding),
    callSites: 'adaptive',
    ...options,
  });
  const prisma = new PrismaClient({ adapter: db.adapter, errorFormat: 'minimal' }).$extends(
    db.extension,
  );
  return { db, prisma, told };
}

type Client = ReturnType<typeof open>['prisma'];

const inRequest = <T>(route: string, run: () => Promise<T>) =>
  withRequest(new RequestScope(route), run);

describe('a loop in a request', () => {
  test('is found with its place, what it goes over, and what to write instead', async () => {
    const { db, prisma, told } = open();
    await inRequest('GET /books', async function listBooks() {
      const books = await prisma.book.findMany({ take: 20 });
      for (const { authorId } of books) {
        await prisma.author.findUnique({ where: { id: authorId } });
      }
    });
    const [found, ...others] = db.stats().nPlusOnes;
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      route: 'GET /books',
      owner: 'Author.findUnique',
      site: expect.stringMatching(/^listBooks \(watch\/findings\.server\.test\.ts:\d+:\d+\)$/),
      after: expect.stringMatching(/^Book\.findMany at listBooks \(/),
      inCheckout: false,
      requests: 1,
      most: 20,
      calls: 20,
      call: 'prisma.author.findUnique({ where: { id: … } })',
      rewrite:
        'Before the loop write `prisma.author.findMany({ where: { id: { in: ids } } })`, and find each row in a Map by its id. Where the values come from Book.findMany: `include: { author: true }` there.',
    });
    expect(told).toMatchObject([
      {
        kind: 'n-plus-one',
        title: expect.stringMatching(/^GET \/books calls Author\.findUnique up to \d+ times, one/),
        site: found?.site,
        remedy: found?.rewrite,
      },
    ]);
    expect(db.monitor.incidents().map(({ kind }) => kind)).toEqual(['n-plus-one']);
  });

  test('with includes is one finding, though it sends several statements', async () => {
    const { db, prisma } = open();
    await inRequest('GET /authors', async () => {
      for (let id = 1; id <= 30; id++) {
        await prisma.author.findFirst({ where: { id }, include: { books: { take: 1 } } });
        await prisma.author.findFirst({ where: { id: 1 + (id % 2) }, include: { books: true } });
      }
    });
    expect(db.stats().nPlusOnes.map(({ owner }) => owner)).toEqual([
      'Author.findFirst',
      'Author.findFirst',
    ]);
  });

  test('is told once for its place, and counted in every request', async () => {
    const { db, prisma, told } = open();
    const loop = async () => {
      for (let id = 1; id <= 20; id++) await prisma.book.findFirst({ where: { id } });
    };
    for (const route of ['GET /a', 'GET /a', 'GET /b']) await inRequest(route, loop);
    expect(told).toHaveLength(1);
    expect(db.stats().nPlusOnes).toMatchObject([
      { route: 'GET /a', requests: 2, calls: 40 },
      { route: 'GET /b', requests: 1, calls: 20 },
    ]);
  });

  test('of writes in a transaction says that a connection is held', async () => {
    const { db, prisma, told } = open();
    await inRequest('POST /restock', () =>
      prisma.$transaction(async (tx) => {
        for (let id = 1; id <= 20; id++) {
          await tx.book.update({ where: { id }, data: { title: 'Same' } });
        }
      }),
    );
    expect(db.stats().nPlusOnes).toMatchObject([
      {
        route: 'POST /restock',
        owner: 'Book.update',
        inCheckout: true,
        most: 20,
        rewrite: expect.stringContaining(
          '`tx.book.updateMany({ where: { id: { in: ids } }, data: { title: … } })`',
        ),
      },
    ]);
    expect(told).toHaveLength(1);
  });

  test('in a transaction outside of any request is found as well, and a job by its name', async () => {
    const { db, prisma } = open();
    const loop = (client: Pick<Client, 'book'>) => async () => {
      for (let id = 1; id <= 20; id++) await client.book.findFirst({ where: { id } });
    };
    await prisma.$transaction(async (tx) => loop(tx as Client)());
    await withRequest('nightly report', loop(prisma));
    await loop(prisma)();
    expect(
      db
        .stats()
        .nPlusOnes.map(({ route }) => route)
        .toSorted(),
    ).toEqual(['nightly report', 'one transaction']);
  });
});

describe('calls at once', () => {
  test('are found with their place and the statement to write', async () => {
    const { db, prisma, told } = open();
    await inRequest('GET /home', async function home() {
      const newest = (authorId: number) =>
        prisma.book.findMany({ where: { authorId }, take: 3, orderBy: { id: 'desc' } });
      await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((id) => newest(id)));
    });
    const rewrite =
      "In place of the calls at once write `prisma.book.findManyGrouped({ by: 'authorId', in: authorIds, take: 3, orderBy: { id: 'desc' } })`: one statement, limited to 3 for each authorId; `.get(authorId)` of its answer has the rows.";
    expect(db.stats().fanOuts).toMatchObject([
      {
        owner: 'Book.findMany',
        site: expect.stringMatching(/^newest \(watch\/findings/),
        peak: 8,
        rewrite,
      },
    ]);
    expect(told).toMatchObject([{ kind: 'fan-out', remedy: rewrite }]);
    // What it proposes does the same.
    const authorIds = [1, 2];
    const groups = await prisma.book.findManyGrouped({
      by: 'authorId',
      in: authorIds,
      take: 3,
      orderBy: { id: 'desc' },
    });
    for (const authorId of authorIds) {
      expect(groups.get(authorId)).toEqual(
        await prisma.book.findMany({ where: { authorId }, take: 3, orderBy: { id: 'desc' } }),
      );
    }
  });
});

describe('nothing is found', () => {
  test.each<[string, (prisma: Client) => Promise<unknown>]>([
    [
      'in a few calls',
      async (prisma) => {
        for (let id = 1; id <= 4; id++) await prisma.book.findFirst({ where: { id } });
      },
    ],
    [
      'in calls that Prisma makes one statement of',
      (prisma) =>
        Promise.all(
          Array.from({ length: 30 }, (_, id) => prisma.book.findUnique({ where: { id } })),
        ),
    ],
    [
      'in a batch',
      (prisma) =>
        prisma.$transaction(
          Array.from({ length: 30 }, (_, i) =>
            prisma.book.updateMany({ where: { id: -i }, data: { title: '' } }),
          ),
        ),
    ],
    [
      'in transactions one after the other',
      async (prisma) => {
        for (let i = 0; i < 25; i++) await prisma.$transaction(async () => {});
      },
    ],
  ])('%s', async (_, work) => {
    const { db, prisma, told } = open();
    await inRequest('GET /', () => work(prisma));
    expect(db.stats()).toMatchObject({ nPlusOnes: [], fanOuts: [] });
    expect(told).toEqual([]);
  });

  test('when it is switched off', async () => {
    const { db, prisma } = open({ findRepeats: false });
    await inRequest('GET /', async () => {
      for (let id = 1; id <= 30; id++) await prisma.book.findFirst({ where: { id } });
    });
    expect(db.stats().nPlusOnes).toEqual([]);
  });
});

test('comments that change from call to call hide no loop', async () => {
  const { db } = open();
  let traced = 0;
  const prisma = new PrismaClient({
    adapter: db.adapter,
    comments: [() => ({ traceparent: `00-${++traced}` })],
  }).$extends(db.extension);
  await inRequest('GET /', async () => {
    for (let id = 1; id <= 20; id++) await prisma.book.findFirst({ where: { id } });
  });
  expect(db.stats().nPlusOnes).toMatchObject([{ owner: 'Book.findFirst', most: 20 }]);
});

test('in development the console says it; a logger is told by the monitor; in production nobody is', async () => {
  const lines = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const deadlock = async (options: Parameters<Library['open']>[0]) => {
    const { prisma } = library.open(options);
    await prisma.$transaction(async () => prisma.author.count());
  };
  await deadlock({});
  expect(lines.mock.calls).toEqual([
    [
      expect.stringMatching(
        /^lifeguard: \$transaction asks for a second connection \(Author\.count\) while it holds one, at watch\/findings\.server\.test\.ts:\d+:\d+\. Use `tx` instead of `prisma`/,
      ),
    ],
  ]);
  lines.mockClear();
  await deadlock({ monitor: { logger: { info() {}, warn() {}, error() {} } } });
  vi.stubEnv('NODE_ENV', 'production');
  await deadlock({});
  vi.unstubAllEnvs();
  expect(lines.mock.calls).toEqual([]);
  lines.mockRestore();
});
