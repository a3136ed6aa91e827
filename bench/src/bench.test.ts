import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { BenchResults } from './report/results.ts';

// The compiled one: Node.js 20 can't run TypeScript.
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

test('one case, from the command line to the JSON', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-bench-'));
  try {
    const file = join(folder, 'results.json');
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...[MAIN, 'latency', '--seconds', '0.2', '--rounds', '1', '--json', file],
    ]);
    expect(stdout).toContain('| latency | pg.Pool ');
    const results = JSON.parse(readFileSync(file, 'utf8')) as BenchResults;
    expect(results).toMatchObject({
      version: 1,
      rounds: 1,
      seconds: 0.2,
      machine: {
        cores: expect.any(Number),
        node: process.versions.node,
        postgres: expect.stringMatching(/^\d+/),
        loadAverage: expect.any(Number),
      },
      cases: [
        {
          name: 'latency',
          goals: [{ figure: 'p50', reached: expect.any(Number), met: expect.any(Boolean) }],
        },
      ],
    });
    const peers = results.cases[0]?.peers ?? [];
    expect(peers.map(({ peer }) => peer)).toEqual([
      'pg.Pool',
      'pg.Pool named',
      'postgres.js',
      'Lifeguard',
    ]);
    for (const { rounds, median, errors } of peers) {
      expect(errors).toEqual([]);
      expect(rounds).toHaveLength(1);
      expect(Object.keys(median)).toEqual(['p50', 'p99', 'client CPU']);
      expect(Object.values(median).every((value) => value > 0)).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('overload holds every pool against what the server can serve', {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeguard-bench-'));
  try {
    const file = join(folder, 'results.json');
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...[MAIN, 'overload', '--seconds', '0.5', '--rounds', '1', '--json', file],
    ]);
    expect(stdout).toContain('- overload: in time at least 0.9: ');
    const [overload] = (JSON.parse(readFileSync(file, 'utf8')) as BenchResults).cases;
    expect(overload?.goals).toMatchObject([{ figure: 'in time', reached: expect.any(Number) }]);
    expect(overload?.peers.map(({ peer }) => peer)).toEqual(['pg.Pool', 'Lifeguard']);
    for (const { median, errors } of overload?.peers ?? []) {
      expect(errors).toEqual([]);
      // 10 connections, 20 ms each: no machine has more.
      expect(median['server can serve']).toBeLessThanOrEqual(500);
      expect(median['server can serve']).toBeGreaterThan(0);
      // Whatever the pool, so much came back.
      expect((median['in time'] ?? 0) + (median['too late'] ?? 0)).toBeGreaterThan(0);
      // Twice as many come as can be served.
      expect(median['refused p50']).toBeGreaterThan(0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a case that there is not is named, and nothing is started', async () => {
  await expect(promisify(execFile)(process.execPath, [MAIN, 'rads'])).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^bench: there is no case 'rads'; there are reads, .*\n$/),
  });
});
