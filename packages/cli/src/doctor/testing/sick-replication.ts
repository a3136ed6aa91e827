import type { PostgresServer } from '@lifeguard/testkit';
import { expect, test } from 'vitest';
import { startFakeStandby } from './fake-standby.ts';
import { complaints, Patient } from './patient.ts';

/** Replicas, slots, sequences and prepared transactions. */
export function sickReplication(serverOf: () => PostgresServer): void {
  test('a replica that is behind, and a slot that nobody reads', async () => {
    await using patient = await Patient.in(serverOf(), 'replicas');
    const standby = await startFakeStandby(patient.url(), 'replica-1');
    await patient.run(
      "SELECT pg_create_physical_replication_slot('forgotten', true)",
      // Each is a WAL file of 16 MB, of which the slot keeps all.
      ...Array.from(
        { length: 8 },
        () => "SELECT pg_logical_emit_message(false, 'a', 'b'); SELECT pg_switch_wal()",
      ),
    );
    patient.cure("SELECT pg_drop_replication_slot('forgotten')");
    const rules = { 'replication-lag': { thresholds: { warnBytes: 1_000 } } };
    await expect
      .poll(async () => complaints(await patient.examine(rules)), { timeout: 20_000 })
      .toEqual(['warning inactive-slot', 'warning replication-lag']);
    await standby.end();
  });

  test('a sequence near its end, a prepared transaction that nobody finishes', async () => {
    await using patient = await Patient.in(serverOf(), 'ends');
    await patient.run(
      'CREATE TABLE visits (id serial PRIMARY KEY, n int)',
      "SELECT setval('visits_id_seq', 2100000000)",
      "CREATE SEQUENCE fine AS bigint; SELECT setval('fine', 2100000000)",
      "CREATE SEQUENCE round MAXVALUE 10 CYCLE; SELECT setval('round', 10)",
      "BEGIN; INSERT INTO visits VALUES (1, 1); PREPARE TRANSACTION 'two-phase'",
    );
    patient.cure("ROLLBACK PREPARED 'two-phase'");
    const report = await patient.examine({
      'prepared-transaction': { thresholds: { seconds: 0 } },
    });
    expect(complaints(report)).toEqual([
      'critical sequence-exhaustion',
      'warning prepared-transaction',
    ]);
    expect(report.findings[0]?.subjects).toEqual(['public.visits_id_seq']);
  });
}
