import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPgbench, pgbenchReads, pipelineScript, transactionsPerSecond } from './pgbench.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lifeguard-bench-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(...names: string[]): string {
  return programOf('', ...names);
}

function programOf(text: string, ...names: string[]): string {
  const file = at(...names);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

test('findPgbench takes the newest version, before what the PATH has', () => {
  program('usr', 'bin', 'pgbench');
  program('versions', '9', 'bin', 'pgbench');
  const newest = program('versions', '17', 'bin', 'pgbench');
  mkdirSync(at('versions', '18', 'bin'), { recursive: true });
  expect(findPgbench(at('usr', 'bin'), at('versions'))).toBe(newest);
});

test('findPgbench looks along the PATH', () => {
  const found = program('bin', 'pgbench');
  const path = ['', at('none'), at('bin')].join(delimiter);
  expect(findPgbench(path, at('versions'))).toBe(found);
});

test('findPgbench finds none where there is none', () => {
  mkdirSync(at('bin'));
  writeFileSync(at('bin', 'pgbench'), 'no program', { mode: 0o644 });
  expect(findPgbench(at('bin'), at('versions'))).toBeUndefined();
});

test('the script reads twenty rows in one pipeline', () => {
  const lines = pipelineScript().trimEnd().split('\n');
  const [begin, end] = [lines.indexOf('\\startpipeline'), lines.indexOf('\\endpipeline')];
  expect(end).toBe(lines.length - 1);
  const reads = lines.slice(begin + 1, end);
  expect(reads).toHaveLength(20);
  reads.forEach((read, index) => {
    expect(read).toBe(`SELECT id, name, price_cents FROM items WHERE id = :id${index};`);
    expect(lines[index]).toBe(`\\set id${index} random(1, 100000)`);
  });
});

test('transactionsPerSecond reads what pgbench says', () => {
  const output = 'latency average = 0.2 ms\ntps = 5950.251 (without initial connection time)\n';
  expect(transactionsPerSecond(output)).toBe(5_950.251);
  expect(() => transactionsPerSecond('pgbench (PostgreSQL) 15')).toThrow('transactions a second');
});

/** It says how many statements it was given, if it was told where by its environment alone. */
const OBEDIENT = `#!/usr/bin/env node
const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = process.env;
const where = [PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE].join(' ');
const script = require('node:fs').readFileSync(0, 'utf8');
if (where !== '127.0.0.1 5432 me s/cret db' || process.argv.join().includes('cret')) {
  console.error('pgbench: error: a word before\\npgbench: error: lost');
  process.exit(2);
}
console.log('tps = ' + script.split('SELECT').length + '.5 (without initial connection time)');`;

test('pgbenchReads counts statements, not pipelines', async () => {
  const given = { url: 'postgresql://me:s%2Fcret@127.0.0.1:5432/db', seconds: 0.2 };
  expect(await pgbenchReads(given, programOf(OBEDIENT, 'bin', 'pgbench'))).toBe(21.5 * 20);
});

test('pgbenchReads says in one line what pgbench complains of', async () => {
  const given = { url: 'postgresql://me@127.0.0.1:5432/db', seconds: 0.2 };
  const refusing = programOf(OBEDIENT, 'bin', 'pgbench');
  await expect(pgbenchReads(given, refusing)).rejects.toThrow(
    /^pgbench failed: pgbench: error: lost$/,
  );
});
