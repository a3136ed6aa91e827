import { describe, expect, test } from 'vitest';
import { coloursOf } from '../../terminal/colours.ts';
import { textWidth } from '../../terminal/words.ts';
import { summarize } from '../summary.ts';
import { quietFacts, sickFacts } from '../testing/made-up.ts';
import { renderText } from './text.ts';

describe.each([80, 120])('at %i columns', (width) => {
  test.each([
    ['quiet', quietFacts()],
    ['sick', sickFacts()],
    ['no-process', { ...quietFacts(), pools: [], processes: 0, hasPg: false }],
    ['no-pool', { ...quietFacts(), pools: [], hasPg: false }],
    ['other-pool', { ...quietFacts(), pools: [] }],
  ])('%s', async (name, facts) => {
    const text = renderText(summarize(facts), width, coloursOf({}, {}));
    for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
    await expect(`${text}\n`).toMatchFileSnapshot(`./golden/${name}-${width}.txt`);
  });
});
