import { expect, test } from 'vitest';
import { LruMap } from './lru-map.ts';

test('lets go what was used longest ago, and tells', () => {
  const gone: string[] = [];
  const map = new LruMap<string, number>(2, (key, value) => gone.push(`${key}=${value}`));
  map.set('a', 1);
  map.set('b', 2);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect([...map.keys()]).toEqual(['a', 'c']);
  map.set('a', 4);
  map.set('d', 5);
  expect(gone).toEqual(['b=2', 'c=3']);
  expect(map.size).toBe(2);
  expect(map.delete('a')).toBe(true);
  expect(map.get('a')).toBeUndefined();
});
