import { expect, test } from 'vitest';
import { RULES } from '../rules/catalogue.ts';
import { defineRule } from '../rules/rule.ts';
import { configuration, healthyFacts } from '../testing/made-up.ts';
import { sickFacts } from '../testing/sick-facts.ts';
import type { Finding } from './finding.ts';
import { rank, runRules } from './run-rules.ts';

const loud = defineRule({
  id: 'loud',
  source: 'server',
  finds: 'Everything.',
  why: 'Because.',
  severities: ['warning'],
  needs: ['sessions'],
  thresholds: { count: { value: 3, unit: 'sessions', means: 'x', source: 'y' } },
  ignores: 'tables',
  find: (_, { count }, isIgnored) =>
    ['public.a', 'public.b(c)']
      .filter((name) => !isIgnored(name))
      .map((name) => ({
        severity: 'warning' as const,
        title: `${name} ${count}`,
        evidence: [],
        remedies: [{ title: 'none' }],
      })),
});

function titles(rules: Parameters<typeof runRules>[2]['rules']): string[] {
  return runRules([loud], { sessions: [] }, { rules }).findings.map(
    ({ title, severity }) => `${severity} ${title}`,
  );
}

test('on a standby it is said that the primary has to be changed', () => {
  const remedies = (isStandby: boolean) => {
    const facts = healthyFacts();
    const sick = {
      ...facts,
      identity: { ...facts.identity, isStandby },
      settings: { ...facts.settings, statementTimeout: 0 },
      replication: {
        ...facts.replication,
        slots: [
          { name: 's', type: 'physical', isActive: false, retainedBytes: 1, walStatus: 'reserved' },
        ],
      },
    };
    const { findings } = runRules(RULES, sick, { rules: {} });
    return findings.flatMap((one) => one.remedies.map(({ title }) => title));
  };
  const there = remedies(true).filter((title) => title.startsWith('On the primary: '));
  expect(there).toEqual([
    expect.stringContaining('On the primary: set them for the application’s role'),
  ]);
  expect(remedies(false).join()).not.toContain('primary');
});

test('a rule is tuned, told what to leave out, and silenced', () => {
  expect(titles({})).toEqual(['warning public.a 3', 'warning public.b(c) 3']);
  expect(titles({ loud: { thresholds: { count: 7 }, severity: 'info' } })).toEqual([
    'info public.a 7',
    'info public.b(c) 7',
  ]);
  expect(titles({ loud: { ignore: ['public.b(*'] } })).toEqual(['warning public.a 3']);
  expect(titles({ loud: { ignore: ['a', 'public'] } })).toHaveLength(2);
  expect(titles({ loud: { ignore: ['*'] } })).toEqual([]);
  expect(runRules([loud], { sessions: [] }, { rules: { loud: { off: true } } })).toMatchObject({
    findings: [],
    asked: [],
    silenced: ['loud'],
  });
});

test('a rule whose facts were not seen is not asked, and named', () => {
  expect(runRules([loud], {}, { rules: {} })).toMatchObject({
    findings: [],
    asked: [],
    notAsked: ['loud'],
  });
  const blind = runRules(RULES, { configuration: configuration(), now: 0 }, { rules: {} });
  expect(blind.notAsked).toContain('blocked-sessions');
  expect(blind.notAsked).not.toContain('cannot-connect');
});

test('most severe first, and of those the causes', () => {
  const ids = runRules(RULES, sickFacts(), { rules: {} }).findings.map(
    ({ severity, id }) => `${severity} ${id}`,
  );
  expect(ids.slice(0, 3)).toEqual([
    'critical blocked-sessions',
    'critical idle-in-transaction',
    'critical role-limit',
  ]);
  expect(ids.findIndex((id) => id.startsWith('warning'))).toBe(4);
});

test('findings of another source are ranked among them', () => {
  const finding = (id: string, severity: Finding['severity']): Finding => ({
    id,
    severity,
    source: 'code',
    title: id,
    evidence: [],
    why: '',
    remedies: [],
    docs: '',
    file: 'a.ts',
    line: 1,
  });
  const ranked = rank([
    finding('a', 'info'),
    finding('b', 'critical'),
    finding('c', 'warning'),
    finding('d', 'critical'),
  ]);
  expect(ranked.map(({ id }) => id)).toEqual(['b', 'd', 'c', 'a']);
});

test('healthy facts are healthy', () => {
  expect(runRules(RULES, healthyFacts(), { rules: {} }).findings).toEqual([]);
});
