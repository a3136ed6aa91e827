import { describe, expect, test } from 'vitest';
import { severityOf } from '../../testing/ask-rule.ts';
import { configuration, pool, pooler, settings } from '../../testing/made-up.ts';

describe('poolers', () => {
  const older = pooler({
    version: 'PgBouncer 1.18.0',
    settings: { ...pooler().settings!, maxPreparedStatements: null },
    maxPreparedStatements: 0,
  });

  test.each([
    [
      'pooler-queue',
      { pooler: pooler({ pools: [pool({ clientsWaiting: 1, longestWait: 0.9 })] }) },
      undefined,
    ],
    [
      'pooler-queue',
      { pooler: pooler({ pools: [pool({ clientsWaiting: 1, longestWait: 1 })] }) },
      'warning',
    ],
    [
      'pooler-queue',
      { pooler: pooler({ pools: [pool({ clientsWaiting: 1, longestWait: 10 })] }) },
      'critical',
    ],
    ['pooler-session-mode', { pooler: pooler({ mode: 'session' }) }, 'warning'],
    ['pooler-session-mode', { pooler: pooler() }, undefined],
    ['pooler-refuses-parameter', { pooler: pooler({ refusedParameter: 'options' }) }, 'critical'],
    ['pooler-limits', { pooler: pooler() }, undefined],
    [
      'pooler-limits',
      { pooler: pooler({ pools: Array.from({ length: 4 }, () => pool()) }) },
      'warning',
    ],
    [
      'pooler-limits',
      { pooler: pooler({ pools: Array.from({ length: 5 }, () => pool()) }) },
      'critical',
    ],
    [
      'pooler-limits',
      { pooler: pooler({ settings: { ...pooler().settings!, maxClients: 59 } }) },
      'critical',
    ],
    ['pooler-limits', { pooler: null }, undefined],
    ['pooler-prepared-statements', { pooler: pooler() }, undefined],
    ['pooler-prepared-statements', { pooler: older }, 'warning'],
    [
      'pooler-prepared-statements',
      { pooler: older, configuration: configuration({ declaresPooler: true }) },
      undefined,
    ],
    [
      'pooler-prepared-statements',
      { pooler: pooler({ settings: null, version: null, maxPreparedStatements: null }) },
      'warning',
    ],
    [
      'plan-exceeds-server',
      { pooler: pooler(), settings: settings({ maxConnections: 20 }) },
      undefined,
    ],
    // It said so at login, and its console let us not in.
    ['pooler-prepared-statements', { pooler: pooler({ settings: null }) }, undefined],
    [
      'pooler-prepared-statements',
      { pooler: pooler({ settings: null, maxPreparedStatements: 0 }) },
      'warning',
    ],
  ] as const)('%s %#: %s', (id, facts, severity) => {
    expect(severityOf(id, facts)).toBe(severity);
  });
});
