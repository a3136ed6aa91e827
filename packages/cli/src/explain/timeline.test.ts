import { expect, test } from 'vitest';
import { sparkline, Timeline } from './timeline.ts';

test('counts stay right while the buckets grow wider', () => {
  const timeline = new Timeline();
  for (let second = 0; second < 5_000; second++) timeline.add(second * 1_000);
  expect(timeline.buckets().length).toBeLessThanOrEqual(512);
  expect(timeline.widthMillis).toBe(16_000);
  expect(timeline.buckets().reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
  expect([timeline.first, timeline.last]).toEqual([0, 4_999_000]);
});

test('columns share a span evenly, its ends included', () => {
  const timeline = new Timeline();
  for (const time of [0, 100, 50_000, 99_999, 100_000]) timeline.add(time);
  expect(timeline.columns(4, 0, 100_000)).toEqual([2, 0, 1, 2]);
});

test('the highest bar is where most was, and a blank where nothing was', () => {
  expect(sparkline([0, 1, 4, 8])).toBe(' ▁▄█');
  expect(sparkline([0, 1_000, 1])).toBe(' █▁');
  expect(sparkline([])).toBe('');
});
