import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Lifeguard, lifeguard } from './lifeguard.ts';
import { onePerProcess } from './one-per-process.ts';
import { PrismaClient } from './testing/generated/client.ts';
import { type Library, openLibrary } from './testing/library.ts';

let library: Library;
const opened: Lifeguard[] = [];
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library?.close());
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(opened.splice(0).map((db) => db.shutdown()));
});

/** As a module's own lines do, each time it is loaded. */
function load(name: string, max = 2) {
  const url = library.server.url();
  const make =
    max === 2
      ? () => open({ url, max: 2, signals: false })
      : () => open({ url, max: 3, signals: false });
  return onePerProcess(make, name);
}

function open(options: Parameters<typeof lifeguard>[0]) {
  const db = lifeguard(options);
  opened.push(db);
  return { db, prisma: new PrismaClient({ adapter: db.adapter }).$extends(db.extension) };
}

test('a module that is loaded again has the same client, and no listener more', async () => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => warnings.push(name);
  process.on('warning', onWarning);
  const first = load('reloads');
  for (let reload = 0; reload < 20; reload++) {
    const { db, prisma } = load('reloads');
    expect(db).toBe(first.db);
    expect(await prisma.book.count()).toBeGreaterThanOrEqual(0);
  }
  expect(opened).toHaveLength(1);
  expect(first.db.stats().connections.total).toBeLessThanOrEqual(2);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

test('a change of the code or of the address makes a new one; the old one ends what it is at', async () => {
  const old = load('changed');
  const running = old.prisma.$transaction(async (tx) => {
    const count = await tx.book.count();
    const replaced = load('changed', 3);
    expect(replaced.db).not.toBe(old.db);
    expect(await replaced.prisma.book.count()).toBe(count);
    return tx.book.count();
  });
  await running;
  await expect.poll(() => old.prisma.book.count().then(String, String)).toMatch(/closed/);

  const before = load('changed', 3);
  vi.stubEnv('DATABASE_URL', `${library.server.url()}?application_name=elsewhere`);
  expect(load('changed', 3).db).not.toBe(before.db);
});

/** As bundlers write it: `pages` and `routes` of one module. */
const bundled = {
  turbopack: [
    '__TURBOPACK__imported__$5b$app$2d$rsc$5d$__',
    '__TURBOPACK__imported__$5b$app$2d$route$5d$__',
  ],
  webpack: ['_lib__WEBPACK_IMPORTED_MODULE_0__', '_lib__WEBPACK_IMPORTED_MODULE_3__'],
  vite: ['__vite_ssr_import_0__', '__vite_ssr_import_2__'],
};

function loadBundle(name: string, imported: string, count = 2) {
  const make = new Function(imported, `return () => ${imported}["open"](${count})`);
  const url = library.server.url();
  return onePerProcess(
    make({ open: (max: number) => open({ url, max, signals: false }) }) as () => ReturnType<
      typeof open
    >,
    name,
  );
}

test.each(Object.entries(bundled))(
  'two bundles of one module have one client: %s',
  (name, names) => {
    const [pages = '', routes = ''] = names;
    const { db } = loadBundle(name, pages);
    expect(loadBundle(name, routes).db).toBe(db);
    expect(loadBundle(name, routes, 3).db).not.toBe(db);
  },
);

test('in production what is minified is not compared', () => {
  vi.stubEnv('NODE_ENV', 'production');
  const { db } = loadBundle('minified', 'a');
  expect(loadBundle('minified', 'e').db).toBe(db);
  vi.stubEnv('DATABASE_URL', `${library.server.url()}?application_name=elsewhere`);
  expect(loadBundle('minified', 'e').db).not.toBe(db);
});

test('names keep several apart, and a failure keeps nothing', () => {
  expect(load('one').db).not.toBe(load('two').db);
  expect(() =>
    onePerProcess(() => {
      throw new Error('no such option');
    }, 'failing'),
  ).toThrow('no such option');
  expect(load('failing').db).toBe(load('failing').db);
});
