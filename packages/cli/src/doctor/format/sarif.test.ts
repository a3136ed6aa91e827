import { expect, test } from 'vitest';
import { againstSarif } from '../../testing/schemas/validate.ts';
import type { Finding } from '../report/finding.ts';
import { RULES } from '../rules/catalogue.ts';
import { healthyFacts, madeUpReport } from '../testing/made-up.ts';
import { sickFacts } from '../testing/sick-facts.ts';
import { renderSarif } from './sarif.ts';

const complaints = againstSarif();
const inCode: Finding = {
  id: 'fan-out',
  severity: 'warning',
  source: 'code',
  title: 'Fifty statements at once',
  evidence: ['Promise.all over categories'],
  why: 'Each takes a connection.',
  remedies: [{ title: 'One statement' }],
  docs: 'docs/doctor/rules.md',
  rule: '@lifeguard/no-fan-out',
  file: 'src/a page/home.ts',
  line: 12,
};

function sarif(...args: Parameters<typeof madeUpReport>) {
  return JSON.parse(renderSarif(madeUpReport(...args), RULES, '0.1.0'));
}

test.each([
  ['healthy', sarif(healthyFacts())],
  ['sick', sarif(sickFacts())],
  ['code', sarif(healthyFacts(), { findings: [inCode] })],
  ['half blind', sarif({}, { unseen: [{ what: 'it', why: 'dark' }] })],
])('%s: valid against the official schema', (_, log) => {
  expect(complaints(log)).toEqual([]);
});

test('the schema is one that finds something', () => {
  const log = sarif(sickFacts());
  log.runs[0].results[0].level = 'critical';
  delete log.runs[0].results[1].message;
  expect(complaints(log).length).toBeGreaterThanOrEqual(2);
});

test('a result names its rule, its level and its place', () => {
  const { runs } = sarif(sickFacts());
  const [{ results, tool }] = runs;
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
  expect(results[0]).toMatchObject({
    ruleId: 'blocked-sessions',
    level: 'error',
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: 'DATABASE_URL' } },
        logicalLocations: [{ name: 'shop at db.internal:5432 (DATABASE_URL)', kind: 'database' }],
      },
    ],
  });
  expect(results.map(({ level }: { level: string }) => level)).toContain('warning');
});

test('code has a file and a line', () => {
  const [run] = sarif(healthyFacts(), { findings: [inCode] }).runs;
  expect(run.results[0]).toMatchObject({
    ruleId: '@lifeguard/no-fan-out',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'src/a%20page/home.ts' },
          region: { startLine: 12 },
        },
      },
    ],
  });
});

test('the same illness has the same fingerprint, whatever its numbers and processes', () => {
  const prints = (log: ReturnType<typeof sarif>) =>
    log.runs[0].results.map(
      (result: { partialFingerprints: object }) => result.partialFingerprints,
    );
  const again = sickFacts();
  const renumbered = again.sessions?.map((one) => ({
    ...one,
    pid: one.pid + 1_000,
    blockedBy: one.blockedBy.map((pid) => pid + 1_000),
  }));
  expect(prints(sarif({ ...again, sessions: renumbered ?? [] }))).toEqual(
    prints(sarif(sickFacts())),
  );
  expect(
    new Set(prints(sarif(sickFacts())).map((print: object) => JSON.stringify(print))).size,
  ).toBe(8);
});
