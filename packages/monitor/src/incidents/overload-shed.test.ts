import { expect, test } from 'vitest';
import { madeUpStats } from '../testing/pool-stats.ts';
import { detectOverload } from './overload-shed.ts';

test('none was refused: no incident', () => {
  expect(detectOverload(madeUpStats({ wait: { p99Millis: 9_000 } }))).toEqual([]);
});

test.each([
  [1, '1 request was refused at once'],
  [40, '40 requests were refused at once'],
])('%d refused', (shed, title) => {
  const [incident] = detectOverload(
    madeUpStats({ counts: { shed }, wait: { count: 3 * shed, p99Millis: 450 } }),
  );
  expect(incident).toMatchObject({
    kind: 'overload-shed',
    title,
    evidence: [
      'that is 25 % of those that came; of the others, one wait in a hundred was over 450 ms',
    ],
    weight: shed,
  });
});
