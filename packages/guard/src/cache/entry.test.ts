import { expect, test } from 'vitest';
import { Entry, itemSerializer } from './entry.ts';

const { serialize, deserialize } = itemSerializer;

test('an entry is created when its source was asked, not when it was written', () => {
  const item = {
    value: new Entry('["a\\nb"]\nsecond line', 1_000),
    createdAt: 5_000,
    logicalExpiration: 9_000,
    tags: ['t'],
  };
  expect(deserialize(serialize(item))).toEqual({ ...item, createdAt: 1_000 });
});

test("bentocache's own items stay as they are", () => {
  const tag = { value: 5, createdAt: 5, logicalExpiration: 10, tags: [] };
  expect(deserialize(serialize(tag))).toEqual(tag);
});

test.each(['', '1', '1{"createdAt":', '0{', '2{}\n', 'garbage', undefined, 42])(
  '%j, whoever wrote it, is an item that has expired',
  (text) => {
    const { logicalExpiration, value } = deserialize(text);
    expect(logicalExpiration).toBeLessThan(Date.now());
    expect(value).toBeUndefined();
  },
);
