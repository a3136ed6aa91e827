import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  copyPg,
  OURS,
  PGS_OWN,
  packageFolder,
  REGISTER,
  useRegisterApps,
} from '../testing/register-apps.ts';

const apps = useRegisterApps();

const COMMON_JS = `
  const { Pool } = require('pg');
  const pg = require('pg');
  const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 1 });
  module.exports = import('./proof.mjs').then(async ({ prove, tell }) => {
    tell({ ...(await prove(pool)), same: Pool === pg.Pool, native: pg.native });
    await pool.end();
  });`;

const ESM = `
  import pg, { Pool } from 'pg';
  import * as everything from 'pg';
  import { prove, settings, tell } from './proof.mjs';
  const pool = new Pool(settings);
  const same = Pool === pg.Pool && everything.Pool === Pool && everything.default === pg;
  tell({ ...(await prove(pool)), same });
  await pool.end();`;

describe('every pg.Pool of an application becomes ours', () => {
  test('when it is required', async () => {
    const { facts, stderr } = await apps.told({ file: 'app.cjs', text: COMMON_JS });
    expect(facts).toEqual({ ...OURS, same: true, native: null });
    // pg's own line about pg-native comes with the question.
    expect(stderr).not.toContain('lifeguard');
  });

  test('when it is imported, by default and by name', async () => {
    const { facts, stderr } = await apps.told({ file: 'app.mjs', text: ESM });
    expect(facts).toEqual({ ...OURS, same: true });
    expect(stderr).toBe('');
  });

  test('without the register it is not', async () => {
    const { facts } = await apps.told({ file: 'app.mjs', text: ESM, args: [] });
    expect(facts).toEqual({ ...PGS_OWN, same: true });
  });

  test('by NODE_OPTIONS, and when both ask for it', async () => {
    const env = { NODE_OPTIONS: REGISTER.join(' ') };
    const once = await apps.told({ file: 'app.mjs', text: ESM, args: [] }, env);
    expect(once.facts).toEqual({ ...OURS, same: true });
    const twice = await apps.told({ file: 'app.cjs', text: COMMON_JS }, env);
    expect(twice.facts).toMatchObject(OURS);
  });

  test('as the first import of a program', async () => {
    const text = `import '@lifeguard/pool/register'; ${ESM}`;
    const { facts } = await apps.told({ file: 'first.mjs', text, args: [] });
    expect(facts).toEqual({ ...OURS, same: true });
  });

  test('by --require, and when a program requires it after pg', async () => {
    const required = await apps.told({
      file: 'app.cjs',
      text: COMMON_JS,
      args: ['--require', '@lifeguard/pool/register'],
    });
    expect(required.facts).toMatchObject(OURS);
    const late = await apps.told({
      file: 'late.cjs',
      text: `require('pg'); require('@lifeguard/pool/register'); ${COMMON_JS}`,
      args: [],
    });
    expect(late.facts).toMatchObject(OURS);
  });

  test('in each copy of pg, and each keeps its own', async () => {
    copyPg(apps.folder, 'library');
    apps.folder.write('node_modules/library/index.js', `module.exports = require('pg');`);
    const { facts } = await apps.told({
      file: 'copies.mjs',
      text: `
        import pg from 'pg';
        import other from 'library';
        import { prove, settings, tell } from './proof.mjs';
        const pools = [new pg.Pool(settings), new other.Pool(settings)];
        const proofs = [];
        for (const pool of pools) proofs.push(await prove(pool));
        const [mine, its] = pools;
        tell({
          proofs,
          apart: pg.Pool !== other.Pool && !(its instanceof pg.Pool) && !(mine instanceof other.Pool),
          together: mine instanceof pg.Pool && its instanceof other.Pool,
        });
        for (const pool of pools) await pool.end();`,
    });
    expect(facts).toEqual({ proofs: [OURS, OURS], apart: true, together: true });
  });

  test('in worker threads', async () => {
    apps.folder.write('worker.mjs', ESM);
    apps.folder.write('worker.cjs', COMMON_JS);
    const { facts } = await apps.told({
      file: 'main.mjs',
      text: `
        import { once } from 'node:events';
        import { Worker } from 'node:worker_threads';
        import { tell } from './proof.mjs';
        const facts = [];
        for (const file of ['worker.mjs', 'worker.cjs']) {
          const worker = new Worker(new URL(file, import.meta.url), { stdout: true });
          let text = '';
          worker.stdout.on('data', (chunk) => (text += chunk));
          await once(worker, 'exit');
          facts.push(JSON.parse(text));
        }
        tell(facts);`,
    });
    expect(facts).toEqual([expect.objectContaining(OURS), expect.objectContaining(OURS)]);
  });

  test('in worker threads made from a text, by --require', async () => {
    const { facts } = await apps.told({
      file: 'eval.mjs',
      text: `
        import { Worker } from 'node:worker_threads';
        new Worker(${JSON.stringify(COMMON_JS)}, { eval: true });`,
      args: ['--require', '@lifeguard/pool/register'],
    });
    expect(facts).toMatchObject(OURS);
  });

  test('in forked processes', async () => {
    apps.folder.write('child.cjs', COMMON_JS);
    const { facts } = await apps.told({
      file: 'parent.cjs',
      text: `require('node:child_process').fork(require.resolve('./child.cjs'));`,
    });
    expect(facts).toMatchObject(OURS);
  });

  test('in Drizzle, which makes its own from a URL', async () => {
    apps.folder.link('drizzle-orm', packageFolder('drizzle-orm'));
    const { facts } = await apps.told({
      file: 'drizzle.mjs',
      text: `
        import { sql } from 'drizzle-orm';
        import { drizzle } from 'drizzle-orm/node-postgres';
        import { integer, pgTable, serial } from 'drizzle-orm/pg-core';
        import { settings, prove, tell } from './proof.mjs';
        const db = drizzle(process.env.DATABASE_URL);
        const things = pgTable('drizzle_things', { id: serial().primaryKey(), n: integer() });
        await db.execute(sql\`CREATE TABLE drizzle_things (id serial PRIMARY KEY, n int)\`);
        await db.transaction(async (tx) => {
          await tx.insert(things).values([{ n: 1 }, { n: 2 }]);
        });
        await db.transaction(async (tx) => {
          await tx.insert(things).values({ n: 3 });
          tx.rollback();
        }).catch(() => {});
        const pages = await Promise.all(Array.from({ length: 30 }, () => db.select().from(things)));
        const { counts } = db.$client.stats();
        const one = drizzle({ connection: settings });
        tell({
          rows: pages.every((rows) => rows.map(({ n }) => n).join() === '1,2'),
          // The table and the transactions; the pages were shared.
          checkouts: counts.checkouts,
          left: counts.abandonedTransactions,
          proof: await prove(one.$client),
        });
        await Promise.all([db.$client.end(), one.$client.end()]);`,
    });
    expect(facts).toEqual({ rows: true, checkouts: 3, left: 0, proof: OURS });
  });
});

describe('what else stands on pg.Pool goes on working', () => {
  test('a subclass', async () => {
    const { facts } = await apps.told({
      file: 'subclass.mjs',
      text: `
        import { Pool } from 'pg';
        import { prove, settings, tell } from './proof.mjs';
        class TenantPool extends Pool {
          seen = 0;
          constructor(tenant) {
            super({ ...settings, application_name: tenant });
          }
          query(...args) {
            this.seen++;
            return super.query(...args);
          }
          stats() {
            return { ...super.stats(), tenant: this.options.application_name };
          }
        }
        const pool = new TenantPool('blue');
        const plain = new Pool(settings);
        tell({
          ...(await prove(pool)),
          seen: pool.seen > 6,
          tenant: pool.stats().tenant,
          instances: [pool instanceof TenantPool, pool instanceof Pool, plain instanceof TenantPool],
        });
        await Promise.all([pool.end(), plain.end()]);`,
    });
    expect(facts).toEqual({ ...OURS, seen: true, tenant: 'blue', instances: [true, true, false] });
  });

  test('a pool of @lifeguard/pool, which is not made of ours', async () => {
    const { facts } = await apps.told({
      file: 'explicit.mjs',
      text: `
        import pg from 'pg';
        import { definePool, Pool, registeredPools } from '@lifeguard/pool';
        import { prove, settings, tell } from './proof.mjs';
        const pools = [new Pool(settings), new (definePool(pg))(settings), new pg.Pool(settings)];
        const proofs = [];
        for (const pool of pools) proofs.push(await prove(pool));
        // Each way of thinking of a pg.Pool, and pg's own class twice below it: ours and nothing between.
        const depth = (pool) => {
          let count = 0;
          for (let p = pool; p !== null; p = Object.getPrototypeOf(p)) count += Object.hasOwn(p, 'stats');
          return count;
        };
        tell({
          proofs,
          instances: pools.map((pool) => pool instanceof pg.Pool),
          depths: pools.map(depth),
          modes: registeredPools().map(({ mode }) => mode),
        });
        for (const pool of pools) await pool.end();`,
    });
    expect(facts).toEqual({
      proofs: [OURS, OURS, OURS],
      instances: [true, true, true],
      depths: [1, 1, 1],
      modes: ['code', 'code', 'protect'],
    });
  });

  test('pg-pool itself, which stays as it is', async () => {
    const { facts } = await apps.told({
      file: 'pg-pool.mjs',
      text: `
        import PgPool from 'pg-pool';
        import pg from 'pg';
        import { prove, settings, tell } from './proof.mjs';
        const pool = new PgPool(settings);
        const ours = new pg.Pool(settings);
        tell({ ...(await prove(pool)), isPgPool: ours instanceof PgPool });
        await Promise.all([pool.end(), ours.end()]);`,
    });
    expect(facts).toEqual({ ...PGS_OWN, isPgPool: true });
  });

  test('a copy of pg that is too old: it stays as it is, and one line says so', async () => {
    const old = copyPg(apps.folder, 'old-library');
    apps.folder.write('node_modules/old-library/index.js', `module.exports = require('pg');`);
    const edit = (file: string, from: string, to: string) => {
      const path = join(old, file);
      apps.folder.write(
        path.slice(apps.folder.path.length),
        readFileSync(path, 'utf8').replaceAll(from, to),
      );
    };
    edit('lib/client.js', '_pulsePipelinedQueryQueue', '_notYet');
    edit('package.json', '"version": "8.', '"version": "8.0.');
    const { facts, stderr } = await apps.told({
      file: 'old.mjs',
      text: `
        import pg from 'pg';
        import old from 'old-library';
        import { prove, settings, tell } from './proof.mjs';
        const pools = [new old.Pool(settings), new old.Pool(settings), new pg.Pool(settings)];
        const proofs = [];
        for (const pool of pools) proofs.push(await prove(pool));
        tell(proofs);
        for (const pool of pools) await pool.end();`,
    });
    expect(facts).toEqual([PGS_OWN, PGS_OWN, OURS]);
    const lines = stderr.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^lifeguard: the pools of pg 8\.0\.\S+ \(node_modules.old-library.node_modules.pg\) stay pg's own: .*pg 8\.23 or later/,
    );
  });
});
