import { describe, expect, test } from 'vitest';
import { makePlan } from '../../../plan/plan.ts';
import type { ConfigurationFacts } from '../../configuration/facts.ts';
import { askRule, severityOf } from '../../testing/ask-rule.ts';
import { configuration, pooler } from '../../testing/made-up.ts';

const setting = (value: number) => ({ value, origin: 'somewhere', isDefault: false });
const pool = (values: { max?: number; waitMillis?: number }) => ({
  ...configuration().pool,
  ...(values.max !== undefined && { max: setting(values.max) }),
  ...(values.waitMillis !== undefined && { waitMillis: setting(values.waitMillis) }),
});
const of = (facts: Partial<ConfigurationFacts>) => ({ configuration: configuration(facts) });
const project = (
  reader: ConfigurationFacts['project']['reader'],
  versions: Record<string, string> = {},
) => ({
  folder: '/app',
  reader,
  versions,
  waitBoundIn: undefined as string | undefined,
});

test.each([
  [0, 'warning'],
  [9_999, 'info'],
  [10_000, undefined],
  [60_000, undefined],
  [60_001, 'warning'],
])('a wait bound of %d ms: %s', (waitMillis, severity) => {
  expect(severityOf('wait-bound', of({ pool: pool({ waitMillis }) }))).toBe(severity);
});

test('who has no bound is told in the words of its own pool', () => {
  const code = (reader: ConfigurationFacts['project']['reader']) =>
    askRule('wait-bound', of({ pool: pool({ waitMillis: 0 }), project: project(reader) }))[0]
      ?.remedies[0]?.code;
  expect(code('lifeguard')).toBe('?pool_timeout=10');
  expect(code('pg')).toContain('new Pool(');
  expect(code('prisma-adapter')).toContain('new PrismaPg(');
});

test('a bound that stands in code is none that is missing', () => {
  const endless = (waitBoundIn: string | undefined) =>
    askRule(
      'wait-bound',
      of({ pool: pool({ waitMillis: 0 }), project: { ...project('pg'), waitBoundIn } }),
    );
  expect(endless('src/db.ts')).toEqual([]);
  expect(endless(undefined)[0]?.evidence[1]).toBe(
    'and no connectionTimeoutMillis in the code under /app',
  );
});

describe('ignored-parameters', () => {
  const parameters = {
    connection_limit: '5',
    pool_timeout: '7',
    schema: 'app',
    application_name: 'web',
  };

  test('Prisma 7 with its own adapter', () => {
    const versions = { '@prisma/client': '7.10.0', '@prisma/adapter-pg': '7.10.0' };
    const [finding] = askRule(
      'ignored-parameters',
      of({ parameters, project: project('prisma-adapter', versions) }),
    );
    expect(finding).toMatchObject({
      severity: 'warning',
      title:
        'Prisma 7.10.0 with @prisma/adapter-pg ignores connection_limit, pool_timeout, schema of DATABASE_URL',
      subjects: ['connection_limit', 'pool_timeout', 'schema'],
    });
    expect(finding?.remedies[1]?.code).toBe(
      "new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 5, connectionTimeoutMillis: 7000 }, { schema: 'app' })",
    );
  });

  test.each([
    ['lifeguard', parameters, undefined],
    ['prisma-engine', parameters, undefined],
    ['unknown', parameters, undefined],
    ['pg', parameters, 'warning'],
    ['prisma-adapter', { pgbouncer: 'true' }, 'info'],
    ['prisma-adapter', { application_name: 'web', statement_timeout: '5' }, undefined],
  ] as const)('%s, %j: %s', (reader, given, severity) => {
    expect(
      severityOf('ignored-parameters', of({ parameters: given, project: project(reader) })),
    ).toBe(severity);
  });
});

describe('limit-above-formula', () => {
  const facts = (max: number, instances = 1) => ({
    ...of({ pool: pool({ max }) }),
    plan: makePlan({ instances, limit: max, limitOrigin: 'x' }),
  });
  test.each([
    [50, 1, undefined, undefined],
    [51, 1, undefined, 'warning'],
    // 4 cores keep 9 busy; four times as many are too many.
    [36, 1, 4, undefined],
    [37, 1, 4, 'warning'],
    [10, 4, 4, 'warning'],
  ])('%d × %d on %s cores: %s', (max, instances, databaseCores, severity) => {
    const seen = { ...facts(max, instances), ...(databaseCores && { databaseCores }) };
    expect(severityOf('limit-above-formula', seen)).toBe(severity);
  });
});

const vercel = { name: 'Vercel', sign: 'VERCEL in .env' };

test.each([
  [{ pool: pool({ max: 1 }) }, 'warning'],
  [{ pool: pool({ max: 2 }) }, undefined],
  [{ pool: pool({ max: 1 }), platform: vercel }, undefined],
])('limit-of-one %#: %s', (facts, severity) => {
  expect(severityOf('limit-of-one', of(facts))).toBe(severity);
});

describe('serverless-without-pooler', () => {
  const narrow = { platform: vercel, pool: pool({ max: 2 }) };
  test.each([
    [{}, undefined],
    [{ ...narrow }, 'warning'],
    [{ ...narrow, declaresPooler: true }, undefined],
    [{ ...narrow, host: 'ep-x-pooler.eu.aws.neon.tech' }, undefined],
    [{ ...narrow, host: 'aws-0-eu.pooler.supabase.com', port: 6543 }, undefined],
    [{ ...narrow, declaresPooler: true, pool: pool({ max: 4 }) }, 'warning'],
  ])('%#: %s', (facts, severity) => {
    expect(severityOf('serverless-without-pooler', of(facts))).toBe(severity);
  });

  test('one that was seen counts as well', () => {
    expect(
      severityOf('serverless-without-pooler', { ...of(narrow), pooler: pooler() }),
    ).toBeUndefined();
  });
});

test.each([
  [{ hostKind: 'remote' }, 'warning'],
  [{ hostKind: 'remote', tls: 'disable' }, 'warning'],
  [{ hostKind: 'remote', tls: 'no-verify' }, 'info'],
  [{ hostKind: 'remote', tls: 'verify-full' }, undefined],
  [{ hostKind: 'remote', tls: 'require' }, undefined],
  [{ hostKind: 'private' }, undefined],
  [{ hostKind: 'loopback' }, undefined],
] as const)('tls-off %j: %s', (facts, severity) => {
  expect(severityOf('tls-off', of(facts))).toBe(severity);
});

test.each([
  [
    'invalid-parameter',
    {
      invalid: [
        {
          parameter: 'pool_timeout',
          message: 'pool_timeout=30000 in DATABASE_URL is wrong: give seconds',
        },
      ],
    },
    'critical',
  ],
  [
    'unknown-parameter',
    {
      warnings: [
        { parameter: 'conection_limit', message: 'unknown; did you mean x?', unknown: true },
      ],
    },
    'warning',
  ],
  [
    'unknown-parameter',
    { warnings: [{ parameter: 'channel_binding', message: 'no effect; leave it out' }] },
    'info',
  ],
  [
    'unknown-parameter',
    {
      origin: 'DATABASE_URL in .env',
      warnings: [{ parameter: 'DATABASE_URL', message: 'DATABASE_URL holds a placeholder: x' }],
    },
    'warning',
  ],
  [
    'overruled-parameter',
    { overruled: [{ parameter: 'connection_limit', by: 'DB_CONNECTION_LIMIT' }] },
    'info',
  ],
  ['no-application-name', { applicationName: undefined }, 'info'],
  ['no-direct-url', { declaresPooler: true }, 'info'],
  ['no-direct-url', { declaresPooler: true, directUrl: 'DIRECT_URL' }, undefined],
  ['pooler-not-there', { declaresPooler: true, parameters: { pgbouncer: 'true' } }, 'info'],
] as const)('%s %#: %s', (id, facts, severity) => {
  expect(severityOf(id, of(facts))).toBe(severity);
  expect(severityOf(id, {})).toBeUndefined();
});
