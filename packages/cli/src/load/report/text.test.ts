import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { madeUpClosed, madeUpGood, madeUpSamples, madeUpSteps } from '../testing/made-up.ts';
import { renderText } from './text.ts';

const colours = pc.createColors(false);

describe.each([80, 120])('at %i columns', (width) => {
  test.each([
    ['steps', madeUpSteps()],
    ['sampled', madeUpSteps(madeUpSamples())],
    ['good', madeUpGood()],
    ['closed', madeUpClosed()],
  ])('%s', async (name, result) => {
    const text = renderText(result, { width, colours });
    await expect(`${text}\n`).toMatchFileSnapshot(`./golden/${name}-${width}.txt`);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });
});

test('what was interrupted before anything was measured', () => {
  const result = madeUpSteps({ phases: [], interrupted: true });
  const text = renderText(result, { width: 80, colours });
  expect(text).toContain('No request was made.');
  expect(text).toContain('It was interrupted');
});
