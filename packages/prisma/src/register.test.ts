import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppFolder } from '@lifeguard/testkit';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Library, openLibrary } from './testing/library.ts';

const GENERATED = fileURLToPath(new URL('./testing/generated/', import.meta.url));

let library: Library;
let folder: AppFolder;
beforeAll(async () => {
  library = await openLibrary();
  folder = new AppFolder();
  writeClient(folder);
});
afterAll(async () => {
  folder?.remove();
  await library?.close();
});

/** The generated client as JavaScript, which is all that Node.js 20 runs. */
function writeClient(to: AppFolder): void {
  const sources = readdirSync(GENERATED, { recursive: true, encoding: 'utf8' });
  for (const file of sources.filter((name) => name.endsWith('.ts'))) {
    const { outputText } = ts.transpileModule(readFileSync(join(GENERATED, file), 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        rewriteRelativeImportExtensions: true,
      },
    });
    to.write(join('generated', file.replace(/\.ts$/, '.js')), outputText);
  }
  to.write('package.json', '{ "type": "module" }');
}

/** A program that says nothing of Lifeguard, but at its end, for the test. */
const APP = `
  import { PrismaPg } from '@prisma/adapter-pg';
  import { PrismaClient } from './generated/client.js';
  const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 1 });
  const prisma = new PrismaClient({ adapter });
  const first = () => prisma.book.findFirst({ orderBy: { id: 'asc' } });
  for (let i = 0; i < 5; i++) await first();
  await prisma.$transaction(async (tx) => {
    await tx.author.create({ data: { name: 'Frances ' + process.pid } });
    await tx.book.count();
  });

  const entry = [...(globalThis[Symbol.for('lifeguard.pools')] ?? [])][0]?.deref();
  let together = 0;
  for (let round = 0; round < 100 && together < 2; round++) {
    let done = false;
    const page = Promise.all(Array.from({ length: 20 }, first)).then(() => (done = true));
    while (!done) {
      together = Math.max(together, entry?.stats().inFlight ?? 0);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await page;
  }
  const stats = entry?.stats();
  console.log(JSON.stringify({
    mode: entry?.mode,
    multiplexes: together >= 2,
    checkouts: stats?.counts.checkouts,
    peak: stats?.connections.peak,
    book: (await first()).title,
  }));
  await prisma.$disconnect();`;

async function told(text: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  folder.write('app.js', text);
  const DATABASE_URL = library.server.url();
  const args = ['--import', '@lifeguard/pool/register', 'app.js'];
  const { exitCode, stdout, stderr } = await folder.run(args, { DATABASE_URL, ...env });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}

const SAME = { peak: 1, checkouts: 1, book: 'Book 1' };

test.each([
  ['protect', { ...SAME, mode: 'protect', multiplexes: true }],
  ['observe', { ...SAME, mode: 'observe', multiplexes: false }],
  ['off', { book: 'Book 1', multiplexes: false }],
])('the pool that Prisma’s adapter makes for itself: LIFEGUARD=%s', async (mode, facts) => {
  expect(await told(APP, { LIFEGUARD: mode })).toEqual(facts);
});

test('a wait in vain names the holders, in the error that stock Prisma makes of it', async () => {
  const facts = await told(
    `
    import { PrismaPg } from '@prisma/adapter-pg';
    import { PrismaClient } from './generated/client.js';
    const adapter = new PrismaPg({
      connectionString: process.env.DATABASE_URL,
      max: 1,
      connectionTimeoutMillis: 50,
    });
    const prisma = new PrismaClient({ adapter });
    // The first login may take longer than anybody waits here.
    while (!(await prisma.book.count().catch(() => 0)));
    let begun, finish;
    const hasBegun = new Promise((resolve) => (begun = resolve));
    const mayFinish = new Promise((resolve) => (finish = resolve));
    const holding = prisma.$transaction(async (tx) => {
      begun(await tx.book.count());
      await mayFinish;
    });
    await hasBegun;
    const { constructor, code, message } = await prisma.book.count().catch((error) => error);
    finish();
    await holding;
    console.log(JSON.stringify([constructor.name, code, message]));
    await prisma.$disconnect();`,
    {},
  );
  expect(facts).toEqual([
    'PrismaClientKnownRequestError',
    'LIFEGUARD_POOL_TIMEOUT',
    expect.stringMatching(/timeout exceeded when trying to connect.*Longest holders/),
  ]);
});

test('a client of lifeguard() has its own pool beside the register', async () => {
  const facts = await told(
    `
    import { lifeguard } from '@lifeguard/prisma';
    import { PrismaClient } from './generated/client.js';
    const db = lifeguard({ url: process.env.DATABASE_URL, signals: false });
    const prisma = new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
    await Promise.all(Array.from({ length: 20 }, () => prisma.book.findFirst()));
    const list = [...globalThis[Symbol.for('lifeguard.pools')]].map((entry) => entry.deref());
    console.log(JSON.stringify({
      modes: list.map(({ mode }) => mode),
      same: list[0].pool === db.pool,
      checkouts: db.stats().counts.checkouts,
      statements: db.stats().counts.statements,
    }));
    await db.shutdown();`,
    {},
  );
  expect(facts).toEqual({ modes: ['code'], same: true, checkouts: 0, statements: 20 });
});
