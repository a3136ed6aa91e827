import { expect, test } from 'vitest';
import { labelOf, Operation } from '../extension/operation.ts';
import { CallRegistry } from './operation-calls.ts';

test('under load, when every call is slow, only some of them are noted', () => {
  let now = 0;
  const calls = new CallRegistry('adaptive', undefined, () => now).of({ operation: '$queryRaw' });
  const operation = new Operation(calls, labelOf(calls), undefined);
  const noted = (count: number) => {
    const sites = Array.from({ length: count }, function caller() {
      calls.ended(operation, 50, false);
      return calls.site(caller);
    });
    return sites.filter((site) => site).length;
  };
  calls.ended(operation, 50, false);
  expect(noted(100)).toBe(100);
  // The first ten of an operation are noted in any case.
  expect(noted(1_000)).toBe(10);
  now += 100;
  expect(noted(1_000)).toBe(100);
});
