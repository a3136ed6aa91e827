import { bytes, plural } from '../../../terminal/words.ts';
import type { ReplicationFact, SlotFact } from '../../server/facts.ts';
import { defineRule } from '../rule.ts';
import { firstOf, forHowLong } from '../tell.ts';

const LAG = {
  warnSeconds: { value: 5, unit: 's', means: 'behind is a warning', source: 'PgHero' },
  criticalSeconds: {
    value: 60,
    unit: 's',
    means: 'behind is critical',
    source: 'GitLab leaves such a replica out',
  },
  warnBytes: {
    value: 64 * 1024 * 1024,
    unit: 'bytes',
    means: 'behind is a warning',
    source: 'ours: four WAL files',
  },
} as const;

export const replicationLag = defineRule({
  id: 'replication-lag',
  source: 'server',
  finds: 'Replicas that are behind.',
  why: 'Reads of a replica that is behind answer with the past; an application that notices sends them to the primary, whose connections then have to serve both.',
  severities: ['critical', 'warning'],
  needs: ['replication'],
  thresholds: LAG,
  find({ replication: { replicas, standby } }, { warnSeconds, criticalSeconds, warnBytes }) {
    const behind = replicas
      .filter((one) => (one.lagSeconds ?? 0) >= warnSeconds || (one.lagBytes ?? 0) >= warnBytes)
      .sort(
        (a, b) =>
          (b.lagSeconds ?? 0) - (a.lagSeconds ?? 0) || (b.lagBytes ?? 0) - (a.lagBytes ?? 0),
      );
    const [worst] = behind;
    const here = standby?.lagSeconds ?? 0;
    if (!worst && here < warnSeconds) return [];
    const seconds = Math.max(here, worst?.lagSeconds ?? 0);
    return [
      {
        severity: seconds >= criticalSeconds ? 'critical' : 'warning',
        title: worst
          ? `${plural(behind.length, 'replica is', 'replicas are')} behind, ${worst.name} by ${tellLag(worst)}`
          : `This standby is ${forHowLong(here)} behind its primary`,
        evidence: worst
          ? firstOf(
              behind,
              (one) => `${one.name} (${one.state ?? 'state unknown'}): ${tellLag(one)}`,
              'replicas more',
            )
          : ['it has received more than it has replayed'],
        subjects: behind.map(({ name }) => name),
        remedies: [
          {
            title: 'See what holds it up: long statements on the replica, its disk, the network',
            language: 'sql',
            code: worst
              ? 'SELECT application_name, state, write_lag, flush_lag, replay_lag FROM pg_stat_replication;'
              : 'SELECT pg_is_wal_replay_paused(), pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn();',
          },
          {
            title:
              'Read from it only what may be old: @lifeguard/prisma leaves out replicas that lag',
            language: 'ts',
            code: 'lifeguard({ replicas: [{ url: process.env.REPLICA_URL }] })',
          },
        ],
      },
    ];
  },
});

function tellLag({ lagSeconds, lagBytes }: ReplicationFact): string {
  const parts = [
    lagSeconds === null ? undefined : forHowLong(lagSeconds),
    lagBytes === null ? undefined : bytes(lagBytes),
  ];
  return parts.filter(Boolean).join(', ') || 'unknown';
}

export const inactiveSlot = defineRule({
  id: 'inactive-slot',
  source: 'server',
  finds: 'Replication slots that nobody reads from.',
  why: 'The server keeps all WAL for it until the disk is full; then it stops, and every connection with it.',
  severities: ['critical', 'warning', 'info'],
  needs: ['replication'],
  thresholds: {
    warnBytes: {
      value: 100 * 1024 * 1024,
      unit: 'bytes',
      means: 'kept is a warning',
      source: 'ours',
    },
    criticalBytes: {
      value: 10 * 1024 ** 3,
      unit: 'bytes',
      means: 'kept is critical',
      source: 'ours: a small disk',
    },
  },
  ignores: 'slots',
  find({ replication: { slots } }, { warnBytes, criticalBytes }, isIgnored) {
    const inactive = slots
      .filter((slot) => !isIgnored(slot.name) && (!slot.isActive || isLost(slot)))
      .sort((a, b) => (b.retainedBytes ?? 0) - (a.retainedBytes ?? 0));
    const [worst] = inactive;
    if (!worst) return [];
    const kept = worst.retainedBytes ?? 0;
    const lost = inactive.some(isLost);
    return [
      {
        severity:
          lost || kept >= criticalBytes ? 'critical' : kept >= warnBytes ? 'warning' : 'info',
        title: lost
          ? 'A replication slot has lost WAL that its reader still needs'
          : `${plural(inactive.length, 'replication slot has', 'replication slots have')} no reader and ${inactive.length === 1 ? 'keeps' : 'keep'} ${bytes(inactive.reduce((sum, slot) => sum + (slot.retainedBytes ?? 0), 0))} of WAL`,
        evidence: firstOf(
          inactive,
          (slot) =>
            `${slot.name} (${slot.type}): keeps ${bytes(slot.retainedBytes ?? 0)}${slot.walStatus ? `, WAL ${slot.walStatus}` : ''}`,
          'slots more',
        ),
        subjects: inactive.map(({ name }) => name),
        remedies: [
          {
            title: 'Start its reader again; if there is none any more, drop it',
            language: 'sql',
            code: `SELECT pg_drop_replication_slot('${worst.name.replaceAll("'", "''")}');`,
          },
          {
            title: 'Bound what slots may keep',
            language: 'sql',
            code: "ALTER SYSTEM SET max_slot_wal_keep_size = '10GB';\nSELECT pg_reload_conf();",
          },
        ],
      },
    ];
  },
});

function isLost({ walStatus }: SlotFact): boolean {
  return walStatus === 'unreserved' || walStatus === 'lost';
}
