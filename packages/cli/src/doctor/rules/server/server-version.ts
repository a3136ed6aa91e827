import { defineRule } from '../rule.ts';

/** https://www.postgresql.org/support/versioning/, as of November 2026: the last release of each version. */
export const END_OF_LIFE: Readonly<Record<number, string>> = {
  10: '2022-11-10',
  11: '2023-11-09',
  12: '2024-11-21',
  13: '2025-11-13',
  14: '2026-11-12',
  15: '2027-11-11',
  16: '2028-11-09',
  17: '2029-11-08',
  18: '2030-11-14',
};
const OLDEST = Math.min(...Object.keys(END_OF_LIFE).map(Number));
const DAY = 86_400_000;

export const serverVersion = defineRule({
  id: 'server-version',
  source: 'server',
  finds: 'Versions of PostgreSQL that get no more repairs.',
  why: 'Known defects stay, among them such that end all connections at once.',
  severities: ['warning', 'info'],
  needs: ['identity', 'now'],
  thresholds: {
    days: {
      value: 180,
      unit: 'days',
      means: 'before the end it is worth knowing',
      source: 'ours: time to plan',
    },
  },
  find({ identity, now }, { days }) {
    const major = Math.floor(identity.versionNumber / 10_000);
    const end = END_OF_LIFE[major] ?? (major < OLDEST ? '2021-11-11' : undefined);
    if (end === undefined) return [];
    const left = (Date.parse(end) - now) / DAY;
    if (left > days) return [];
    return [
      {
        severity: left < 0 ? 'warning' : 'info',
        title:
          left < 0
            ? `PostgreSQL ${identity.version} has had no repairs since ${end}`
            : `PostgreSQL ${major} gets its last repairs on ${end}`,
        evidence: [
          `server_version ${identity.version}; the dates are those of postgresql.org/support/versioning`,
        ],
        remedies: [
          {
            title: `Upgrade: pg_upgrade needs minutes, logical replication seconds`,
            language: 'sh',
            code: 'pg_upgrade --check --old-datadir … --new-datadir … --old-bindir … --new-bindir …',
          },
        ],
      },
    ];
  },
});
