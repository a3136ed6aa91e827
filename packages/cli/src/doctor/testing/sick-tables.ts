import type { PostgresServer } from '@lifeguard/testkit';
import { expect, test } from 'vitest';
import { complaints, hints, Patient } from './patient.ts';

/** Tables, indexes and statements that keep connections longer than they should. */
export function sickTables(serverOf: () => PostgresServer): void {
  test('tables: read through, without statistics, full of the dead, left by autovacuum, keys without an index', async () => {
    await using patient = await Patient.in(serverOf(), 'tables');
    const fill = (table: string) =>
      `INSERT INTO ${table} SELECT n, n FROM generate_series(1, 20000) n`;
    await patient.run(
      'CREATE TABLE customers (id int PRIMARY KEY); INSERT INTO customers SELECT n FROM generate_series(1, 20000) n',
      'ANALYZE customers',
      'CREATE TABLE "Order" (id int PRIMARY KEY, customer int REFERENCES customers)',
      fill('"Order"'),
      'ANALYZE "Order"',
      'CREATE TABLE small (id int PRIMARY KEY, customer int REFERENCES customers)',
      'CREATE TABLE indexed (id int PRIMARY KEY, customer int REFERENCES customers); CREATE INDEX ON indexed (customer) WHERE customer IS NOT NULL',
      fill('indexed'),
      'ANALYZE indexed',
      'CREATE TABLE fresh (id int PRIMARY KEY, n int)',
      fill('fresh'),
      'CREATE TABLE dead (id int PRIMARY KEY, n int) WITH (autovacuum_enabled = off)',
      fill('dead'),
    );
    // A session counts its changes at its end.
    await patient.run('DELETE FROM dead WHERE id > 9000');
    await patient.run(
      'ANALYZE dead',
      ...Array.from({ length: 50 }, () => 'SELECT count(*) FROM "Order" WHERE customer = 17'),
    );
    const report = await patient.examine();
    expect(complaints(report)).toEqual([
      'warning autovacuum-off',
      'warning bloat',
      'warning missing-index',
      'warning stale-statistics',
      'warning unindexed-foreign-key',
    ]);
    const about = Object.fromEntries(report.findings.map(({ id, subjects }) => [id, subjects]));
    expect(about).toMatchObject({
      'autovacuum-off': ['public.dead'],
      bloat: ['public.dead'],
      'missing-index': ['public.Order'],
      'stale-statistics': ['public.fresh'],
      'unindexed-foreign-key': ['public.Order (customer)'],
    });
    const key = report.findings.find(({ id }) => id === 'unindexed-foreign-key');
    const code = key?.remedies[0]?.code ?? '';
    expect(code).toBe('CREATE INDEX CONCURRENTLY ON public."Order" (customer);');
    // What is given to paste does what it says.
    await patient.run(code);
    expect(complaints(await patient.examine())).not.toContain('warning unindexed-foreign-key');
  });

  test('indexes: twice, begun by another, unused, unfinished', async () => {
    await using patient = await Patient.in(serverOf(), 'indexes');
    await patient.run(
      'CREATE TABLE events (id int PRIMARY KEY, kind text, at timestamptz, email text UNIQUE)',
      "INSERT INTO events SELECT n, 'kind ' || n % 3, now(), 'a' || n FROM generate_series(1, 5000) n; ANALYZE events",
      'CREATE INDEX by_kind ON events (kind)',
      'CREATE INDEX by_kind_again ON events (kind)',
      'CREATE INDEX by_kind_and_at ON events (kind, at)',
      'CREATE INDEX by_kind_desc ON events (kind DESC, at)',
      'CREATE INDEX by_email ON events (email text_pattern_ops)',
      "CREATE INDEX partial ON events (kind) WHERE kind = 'x'",
      'CREATE INDEX by_lower ON events (lower(kind))',
    );
    await patient
      .run('CREATE UNIQUE INDEX CONCURRENTLY unfinished ON events (kind, lower(kind))')
      .catch(() => {});
    const rules = {
      'unused-index': {
        thresholds: { bytes: 0, days: 0 },
        ignore: ['public.by_lower', 'public.part*'],
      },
    };
    const report = await patient.examine(rules);
    expect(complaints(report)).toEqual(['warning invalid-index']);
    expect(hints(report)).toEqual(expect.arrayContaining(['duplicate-index', 'unused-index']));
    const about = Object.fromEntries(
      report.findings.map(({ id, subjects }) => [id, [...(subjects ?? [])].sort()]),
    );
    expect(about['invalid-index']).toEqual(['public.unfinished']);
    expect(about['duplicate-index']).toEqual(['public.by_kind', 'public.by_kind_again']);
    expect(about['unused-index']).toEqual([
      'public.by_email',
      'public.by_kind',
      'public.by_kind_again',
      'public.by_kind_and_at',
      'public.by_kind_desc',
    ]);
    await patient.run(
      ...(report.findings
        .find(({ id }) => id === 'duplicate-index')
        ?.remedies[0]?.code?.split('\n') ?? []),
    );
    expect(hints(await patient.examine())).not.toContain('duplicate-index');
  });

  test('partitioned tables: keys and indexes of all partitions as one, and what is given to paste runs', async () => {
    await using patient = await Patient.in(serverOf(), 'partitions');
    await patient.run(
      'CREATE TABLE users (id int PRIMARY KEY); INSERT INTO users SELECT generate_series(1, 10)',
      'CREATE TABLE events (id int, at date, who int REFERENCES users, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)',
      ...[1, 2, 3].map(
        (month) =>
          `CREATE TABLE events_${month} PARTITION OF events FOR VALUES FROM ('2026-0${month}-01') TO ('2026-0${month + 1}-01')`,
      ),
      'CREATE TABLE notes (event int, at date, FOREIGN KEY (event, at) REFERENCES events)',
      'CREATE INDEX by_day ON events (at); CREATE INDEX by_day_again ON events (at)',
      "INSERT INTO events SELECT n, date '2026-01-01' + n % 90, 1 FROM generate_series(1, 9000) n",
      'INSERT INTO notes SELECT id, at FROM events',
      'ANALYZE',
    );
    const report = await patient.examine();
    const about = Object.fromEntries(report.findings.map(({ id, subjects }) => [id, subjects]));
    expect(about['unindexed-foreign-key']?.toSorted()).toEqual([
      'public.events (who)',
      'public.notes (event, at)',
    ]);
    expect(about['duplicate-index']).toHaveLength(1);
    for (const { id, remedies } of report.findings) {
      if (id !== 'unindexed-foreign-key' && id !== 'duplicate-index') continue;
      await patient.run(...(remedies[0]?.code?.split('\n') ?? []));
    }
    const after = (await patient.examine()).findings.map(({ id }) => id);
    expect(after).not.toContain('unindexed-foreign-key');
    expect(after).not.toContain('duplicate-index');
  });

  test('statements: slow, frequent; blocks that are read from disk', async () => {
    await using patient = await Patient.in(serverOf(), 'statements');
    await patient.run(
      'CREATE EXTENSION pg_stat_statements',
      'CREATE TABLE sessions (id int PRIMARY KEY); INSERT INTO sessions SELECT generate_series(1, 100)',
      'DO $$ BEGIN FOR n IN 1..60 LOOP PERFORM * FROM sessions WHERE id = n; END LOOP; END $$',
      ...Array.from({ length: 60 }, (_, n) => `SELECT * FROM sessions WHERE id = ${n}`),
      ...Array.from({ length: 5 }, () => "SELECT pg_sleep(0.03), 'secret'"),
    );
    const report = await patient.examine({
      'slow-statements': { thresholds: { calls: 5, warnMillis: 25 } },
      'frequent-statements': { thresholds: { calls: 50 } },
      'cache-hit': { thresholds: { blocks: 1, infoPercent: 100 } },
    });
    expect(complaints(report)).toEqual(['warning slow-statements']);
    expect(hints(report)).toEqual(
      expect.arrayContaining(['cache-hit', 'frequent-statements', 'limits-not-set']),
    );
    expect(JSON.stringify(report)).not.toContain('secret');
    // What is given to paste runs as it stands.
    await patient.run(...(report.findings[0]?.remedies[0]?.code?.split(';\n') ?? []));
    expect(report.findings[0]?.evidence[0]).toMatch(
      /^3\d ms × 5 calls, .*: SELECT pg_sleep\(\$1\), \$2$/,
    );
  });
}
