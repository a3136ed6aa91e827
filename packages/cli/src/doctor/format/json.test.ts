import { expect, test } from 'vitest';
import { againstSchema } from '../../testing/schemas/validate.ts';
import {
  configuration,
  connectFailure,
  healthyFacts,
  madeUpReport,
  pooler,
} from '../testing/made-up.ts';
import { sickFacts } from '../testing/sick-facts.ts';
import { renderJson } from './json.ts';

const complaints = againstSchema('doctor.schema.json');
const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), {
  code: 'ECONNREFUSED',
});

test.each([
  ['healthy', madeUpReport(healthyFacts())],
  ['sick', madeUpReport(sickFacts())],
  ['through a pooler', madeUpReport({ ...healthyFacts(), pooler: pooler() })],
  [
    'unreachable',
    madeUpReport({ configuration: configuration(), connectFailure: connectFailure(refused) }),
  ],
  [
    'half blind',
    madeUpReport({ configuration: configuration() }, { unseen: [{ what: 'it', why: 'dark' }] }),
  ],
])('%s: valid against its schema', (_, report) => {
  expect(complaints(JSON.parse(renderJson(report)))).toEqual([]);
});

test('a finding of code fits, too, and what is missing is found missing', () => {
  const report = JSON.parse(renderJson(madeUpReport(sickFacts())));
  const [finding] = report.findings;
  report.findings = [
    { ...finding, source: 'code', rule: 'no-fan-out', file: 'src/home.ts', line: 12 },
  ];
  expect(complaints(report)).toEqual([]);
  report.findings = [{ ...finding, remedy: undefined, severity: 'bad' }];
  expect(complaints(report)).toEqual([
    "/findings/0 must have required property 'remedy'",
    '/findings/0/severity must be equal to one of the allowed values',
  ]);
});

test('says what to do as one text and in parts', () => {
  const { findings, summary, version, command } = JSON.parse(renderJson(madeUpReport(sickFacts())));
  expect([version, command, summary.verdict]).toEqual([1, 'doctor', 'critical']);
  expect(findings[0]).toMatchObject({
    id: 'blocked-sessions',
    severity: 'critical',
    source: 'server',
    docs: 'docs/doctor/rules.md#blocked-sessions',
    remedies: [
      { language: 'sql', code: 'SELECT pg_terminate_backend(4711);' },
      { language: 'sql' },
    ],
  });
  expect(findings[0].remedy).toContain(
    'it is not doing anything:\nSELECT pg_terminate_backend(4711);',
  );
});

test('healthy', () => {
  const { summary, findings } = JSON.parse(renderJson(madeUpReport(healthyFacts())));
  expect(findings).toEqual([]);
  expect(summary).toEqual({ verdict: 'healthy', critical: 0, warning: 0, info: 0 });
});
