import { expect, test } from 'vitest';
import { Owed } from './owed.ts';

test('owes each once until it is taken, and everything when that is too much', () => {
  const owed = new Owed();
  expect(owed.isEmpty).toBe(true);
  owed.add(['a', 'b'], ['t']);
  owed.add(['a'], []);
  expect(owed.take()).toEqual({ keys: ['a', 'b'], tags: ['t'], isAll: false });
  expect(owed.isEmpty).toBe(true);
  owed.add(
    Array.from({ length: 1_001 }, (_, index) => `key ${index}`),
    [],
  );
  owed.add(['one more'], []);
  expect(owed.take()).toEqual({ keys: [], tags: [], isAll: true });
});
