import { expect, test } from 'vitest';
import { againstSchema } from '../../testing/schemas/validate.ts';
import { madeUpClosed, madeUpGood, madeUpSamples, madeUpSteps } from '../testing/made-up.ts';
import { renderJson } from './json.ts';

const complaints = againstSchema('load.schema.json');

test.each([
  ['steps', madeUpSteps()],
  ['sampled', madeUpSteps(madeUpSamples())],
  ['good', madeUpGood()],
  ['closed', madeUpClosed()],
  ['nothing measured', madeUpSteps({ phases: [], interrupted: true })],
])('%s: valid against its schema', (_, result) => {
  expect(complaints(JSON.parse(renderJson(result)))).toEqual([]);
});

test('what is missing is found missing', () => {
  const { verdict: _, ...rest } = JSON.parse(renderJson(madeUpGood()));
  expect(complaints({ ...rest, version: 2 })).toEqual([
    " must have required property 'verdict'",
    '/version must be equal to constant',
  ]);
});
