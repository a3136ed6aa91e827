import { grouped } from '../../../terminal/words.ts';
import { defineRule } from '../rule.ts';

export const cacheHit = defineRule({
  id: 'cache-hit',
  source: 'server',
  finds: 'How many blocks come from the server’s memory rather than from the system.',
  why: 'A statement that reads from disk takes a hundred times as long, and its connection with it.',
  severities: ['warning', 'info'],
  needs: ['databases', 'identity'],
  thresholds: {
    infoPercent: { value: 99, unit: '%', means: 'worth knowing below', source: 'PgHero' },
    warnPercent: { value: 94, unit: '%', means: 'a warning below', source: 'supabase inspect' },
    blocks: {
      value: 100_000,
      unit: 'times',
      means: 'read at least, else it means nothing',
      source: 'ours: 800 MB',
    },
  },
  find({ databases, identity }, { infoPercent, warnPercent, blocks }) {
    const own = databases.find(({ name }) => name === identity.database);
    if (!own) return [];
    const reads = own.blocksHit + own.blocksRead;
    if (reads < blocks) return [];
    const percent = (100 * own.blocksHit) / reads;
    if (percent >= infoPercent) return [];
    return [
      {
        severity: percent < warnPercent ? 'warning' : 'info',
        title: `${percent.toFixed(1)} % of block reads come from shared_buffers`,
        evidence: [
          `${grouped(own.blocksRead)} of ${grouped(reads)} blocks were asked of the system in database ${own.name}`,
        ],
        remedies: [
          {
            title:
              'Look at statements that read whole tables first; then give shared_buffers about a quarter of the memory',
            language: 'sql',
            code: "ALTER SYSTEM SET shared_buffers = '2GB';  -- a quarter of the memory; takes a restart",
          },
        ],
      },
    ];
  },
});
