import type { PostgresServer } from '@lifeguard/testkit';
import { expect, test } from 'vitest';
import { complaints, hints, Patient } from './patient.ts';

const AT_ONCE = { thresholds: { warnSeconds: 0 } };

/** A server in good health, and somebody who may see little of one. */
export function wellAndPoor(serverOf: () => PostgresServer): void {
  test('healthy: nothing at all, when everything is as it should be', async () => {
    await using patient = await Patient.in(serverOf(), 'healthy');
    await patient.run(
      'CREATE EXTENSION pg_stat_statements',
      'CREATE TABLE orders (id int PRIMARY KEY, at timestamptz)',
      'INSERT INTO orders SELECT n, now() FROM generate_series(1, 20000) n',
      'ANALYZE orders',
      ...limits(patient),
    );
    const { findings, unseen, notAsked, server: seen } = await patient.examine();
    expect(findings).toEqual([]);
    expect(unseen).toEqual([]);
    expect(notAsked).toEqual([]);
    expect(seen).toMatchObject({ isSuperuser: true, database: 'healthy' });
  });

  test('as it comes: nothing above info', async () => {
    await using patient = await Patient.in(serverOf(), 'fresh');
    const report = await patient.examine();
    expect(complaints(report)).toEqual([]);
    expect(hints(report)).toEqual(['limits-not-set', 'no-statement-statistics']);
  });

  test('somebody with the least rights', async () => {
    await using patient = await Patient.in(serverOf(), 'poor');
    await patient.run(
      "CREATE ROLE poor LOGIN PASSWORD 'poor'",
      'CREATE TABLE t (id serial PRIMARY KEY)',
    );
    patient.cure('DROP ROLE poor');
    const other = await patient.connect('checkout');
    await other.query('BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE');
    const url = `${patient.url().replace(/\/\/[^@]*@/, '//poor:poor@')}?application_name=shop`;
    const report = await patient.examine({ 'idle-in-transaction': AT_ONCE }, { url });
    expect(complaints(report)).toEqual([]);
    expect(report.picture).toMatchObject({ used: 1, unknown: 1 });
    expect(report.unseen).toEqual([
      {
        what: expect.stringContaining('the sessions of other users do (postgres)'),
        why: 'poor is not a member of pg_monitor',
        remedy: 'GRANT pg_monitor TO poor;',
      },
    ]);
    await patient.run('GRANT pg_monitor TO poor');
    patient.cure('REVOKE pg_monitor FROM poor');
    const better = await patient.examine({ 'idle-in-transaction': AT_ONCE }, { url });
    expect(complaints(better)).toEqual(['warning idle-in-transaction']);
    expect(better.unseen).toEqual([]);
  });
}

/** Everything that a session of this database should begin with; transaction_timeout came with PostgreSQL 17. */
function limits({ database }: Patient): string[] {
  const set = (name: string) => `ALTER ROLE postgres IN DATABASE ${database} SET ${name} = '30s'`;
  return [
    ...['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'].map(set),
    `DO $$ BEGIN
       IF current_setting('server_version_num')::int >= 170000 THEN ${set('transaction_timeout')}; END IF;
     END $$`,
  ];
}
