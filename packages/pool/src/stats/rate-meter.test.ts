import { expect, test } from 'vitest';
import { RateMeter } from './rate-meter.ts';

function meterAt(start: number) {
  const meter = new RateMeter(start);
  return {
    count: (at: number, times: number) => {
      for (let i = 0; i < times; i++) meter.count(start + at);
    },
    at: (at: number) => meter.perSecond(start + at),
  };
}

test('in the first second it is what was counted so far', () => {
  const meter = meterAt(12_345);
  meter.count(10, 7);
  expect(meter.at(500)).toBe(7);
});

test('the mean of the full seconds, without the current one', () => {
  const meter = meterAt(12_345);
  meter.count(0, 10);
  meter.count(1_000, 20);
  meter.count(2_999, 30);
  meter.count(3_000, 1_000);
  expect(meter.at(3_500)).toBe(20);
});

test('only the last ten seconds count', () => {
  const meter = meterAt(0);
  meter.count(0, 1_000);
  for (let second = 1; second <= 10; second++) meter.count(second * 1_000, 5);
  expect(meter.at(10_999)).toBe(104.5);
  expect(meter.at(11_000)).toBe(5);
});

test.each([10_999, 11_000, 12_000, 3_600_000])('nothing is left %d ms later', (later) => {
  const meter = meterAt(0);
  meter.count(500, 10);
  expect(meter.at(500 + later)).toBe(later < 10_500 ? 1 : 0);
});
