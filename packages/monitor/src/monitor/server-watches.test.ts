import { expect, test } from 'vitest';
import { ServerWatches } from './server-watches.ts';

const pool = (connectionString: string) => ({
  stats: () => {
    throw new Error('not asked');
  },
  options: { min: 0, connectionString },
});

test('pools of one server, database and role share a watch; the first of them tells what goes wrong', () => {
  const watches = new ServerWatches({});
  const [first, second, other] = [
    'postgresql://app@127.0.0.1:1/shop',
    'postgresql://app@127.0.0.1:1/shop?application_name=reports',
    'postgresql://app@127.0.0.1:1/other',
  ].map((url) => watches.of(pool(url)));
  first?.start();
  second?.start();
  other?.start();
  expect(first?.snapshot()).toBe(second?.snapshot());
  expect(first?.snapshot()).not.toBe(other?.snapshot());
  const told = () => [first, second, other].map((one) => one?.isToldElsewhere);
  expect(told()).toEqual([false, true, false]);
  first?.stop();
  expect(told()).toEqual([true, false, false]);
  second?.stop();
  other?.stop();
});

test('a pool that does not say how to connect has none', () => {
  const watches = new ServerWatches({});
  expect(watches.of({ stats: pool('').stats })).toBeUndefined();
  expect(watches.of(pool('postgresql://app@127.0.0.1:no-port/shop'))).toBeUndefined();
});
