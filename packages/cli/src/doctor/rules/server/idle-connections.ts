import { share } from '../../../terminal/words.ts';
import { capacityOf } from '../capacity.ts';
import { defineRule } from '../rule.ts';
import { firstOf } from '../tell.ts';

export const idleConnections = defineRule({
  id: 'idle-connections',
  source: 'server',
  finds: 'Connections that have done nothing for long and take a good part of the server.',
  why: 'They keep others out and do nothing: pools that are larger than their load, processes that were forgotten, or consoles.',
  severities: ['warning'],
  needs: ['settings', 'sessions'],
  thresholds: {
    idleSeconds: {
      value: 600,
      unit: 's',
      means: 'idle for so long',
      source: 'ours: longer than any pool’s idle time-out',
    },
    percent: {
      value: 40,
      unit: '%',
      means: 'of the usable connections',
      source: 'ours: two fifths of the server',
    },
  },
  find({ settings, sessions }, { idleSeconds, percent }) {
    const { usable } = capacityOf(settings, sessions);
    const idle = sessions.filter(
      ({ state, stateFor }) => state === 'idle' && (stateFor ?? 0) >= idleSeconds,
    );
    if (idle.length === 0 || (100 * idle.length) / usable < percent) return [];
    const byOwner = countBy(
      idle.map(
        ({ application, user }) => `${application || 'without application_name'} (user ${user})`,
      ),
    );
    return [
      {
        severity: 'warning',
        title: `${idle.length} connections have been idle for over ${Math.round(idleSeconds / 60)} minutes: ${share(idle.length, usable)} of what the server offers`,
        evidence: firstOf(byOwner, ([owner, count]) => `${owner}: ${count}`, 'owners more'),
        remedies: [
          {
            title:
              'Let their pools close what they don’t need: max_idle_connection_lifetime in the URL (seconds), a lower connection_limit',
            language: 'url',
            code: '?connection_limit=5&max_idle_connection_lifetime=60',
          },
        ],
      },
    ];
  },
});

function countBy(names: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
