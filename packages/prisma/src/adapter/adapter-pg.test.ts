import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { definePool, type PgModule } from '@lifeguard/pool';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Library, openLibrary } from '../testing/library.ts';
import { assertTaken, poolClassForAdapter } from './adapter-pg.ts';

let library: Library;
let folder: string;
let copy: PgModule;

beforeAll(async () => {
  library = await openLibrary();
  // Within node_modules, so that the copy finds what pg itself needs.
  const require = createRequire(import.meta.url);
  const original = dirname(require.resolve('pg/package.json'));
  const cache = join(dirname(original), '.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'second-pg-'));
  cpSync(original, join(folder, 'node_modules/pg'), { recursive: true });
  copy = createRequire(join(folder, 'index.js'))('pg');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await library?.close();
});

test("the pool is made over the adapter's own copy of pg", () => {
  expect(poolClassForAdapter().prototype).toBeInstanceOf(pg.Pool);
});

test('a pool over another copy of pg is a pool of that copy, and works', async () => {
  expect(copy.Pool).not.toBe(pg.Pool);
  const pool = new (definePool(copy))({ connectionString: library.server.url() });
  expect(pool).toBeInstanceOf(copy.Pool);
  expect(pool).not.toBeInstanceOf(pg.Pool);
  const { rows } = await pool.query('SELECT $1::int AS n', [7]);
  expect(rows).toEqual([{ n: 7 }]);
  await pool.end();
});

test('a pool that the adapter takes for a configuration is refused, with the remedy', async () => {
  const pool = new (definePool(copy))({ connectionString: library.server.url() });
  expect(() => assertTaken(new PrismaPg(pool as never), pool)).toThrow(/npm dedupe/);
  await pool.end();
});
