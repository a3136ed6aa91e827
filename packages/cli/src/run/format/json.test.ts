import { expect, test } from 'vitest';
import { againstSchema } from '../../testing/schemas/validate.ts';
import { summarize } from '../summary.ts';
import { quietFacts, sickFacts } from '../testing/made-up.ts';
import { renderJson } from './json.ts';

const complaints = againstSchema('run.schema.json');

test.each([
  ['quiet', quietFacts()],
  ['sick', sickFacts()],
])('%s: one line, valid against its schema', (_, facts) => {
  const text = renderJson(summarize(facts));
  expect(text).not.toContain('\n');
  expect(complaints(JSON.parse(text))).toEqual([]);
});

test('what is missing is found missing', () => {
  const report = JSON.parse(renderJson(summarize(sickFacts())));
  report.incidents[0].remedy = undefined;
  report.mode = 'guess';
  expect(complaints(JSON.parse(JSON.stringify(report)))).toEqual([
    '/mode must be equal to one of the allowed values',
    "/incidents/0 must have required property 'remedy'",
  ]);
});
