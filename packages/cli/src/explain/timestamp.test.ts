import { expect, test } from 'vitest';
import { takePrefix } from './timestamp.ts';

const NOW = Date.parse('2026-11-27T12:00:00Z');

test.each([
  ['2026-11-27T10:00:00.123Z ERROR x', '2026-11-27T10:00:00.123Z', 'ERROR x'],
  ['[2026-11-27 10:00:00,5] x', '2026-11-27T10:00:00.500Z', 'x'],
  ['2026-11-27 10:00:00.123 UTC [4711] FATAL:  x', '2026-11-27T10:00:00.123Z', '[4711] FATAL:  x'],
  ['2026-11-27T11:00:00.000000+01:00 app[web.1]: x', '2026-11-27T10:00:00.000Z', 'x'],
  ['2026/11/27 10:00:00 x', '2026-11-27T10:00:00.000Z', 'x'],
  ['[27/Nov/2026:10:00:00 +0000] x', '2026-11-27T10:00:00.000Z', 'x'],
  ['<34>Nov 27 10:00:00 host api[4711]: x', '2026-11-27T10:00:00.000Z', 'x'],
  ['1795773600000 x', '2026-11-27T10:00:00.000Z', 'x'],
  ['web-1  | 2026-11-27T10:00:00Z x', '2026-11-27T10:00:00.000Z', 'x'],
  ['0|api  | 2026-11-27T10:00:00Z x', '2026-11-27T10:00:00.000Z', 'x'],
  ['[pod/api-7d9f-x/api] 2026-11-27T10:00:00Z x', '2026-11-27T10:00:00.000Z', 'x'],
  ['2026-11-27T10:00:00Z app[148e] iad [info]x', '2026-11-27T10:00:00.000Z', 'x'],
  ['[Nest] 12  - 11/27/2026, 1:00:00 PM   ERROR x', '2026-11-27T13:00:00.000Z', 'ERROR x'],
  ['2026-11-27 10:00:00.123  INFO 1 --- x', '2026-11-27T10:00:00.123Z', 'INFO 1 --- x'],
  ['2026-11-27T10:00:00Z     INFO x', '2026-11-27T10:00:00.000Z', 'INFO x'],
  ["2026-11-27T10:00:00Z   code: '1'", '2026-11-27T10:00:00.000Z', "  code: '1'"],
  ['2026-11-27T10:00:00Z stderr F 2026-11-27 09:59:59 x', '2026-11-27T10:00:00.000Z', 'x'],
])('%s', (line, time, rest) => {
  const taken = takePrefix(line, NOW);
  expect({ ...taken, time: new Date(taken.time ?? 0).toISOString() }).toEqual({ time, rest });
});

test('a time without a year is the last one that is not in the future', () => {
  expect(takePrefix('Dec 31 10:00:00 host x', NOW).time).toBe(Date.parse('2025-12-31T10:00:00Z'));
  // A few hours ahead: a machine in another time zone.
  expect(takePrefix('Nov 27 20:00:00 host x', NOW).time).toBe(Date.parse('2026-11-27T20:00:00Z'));
});

test.each([
  ['#9 1.329 Error: x', 'Error: x'],
  ['@shop/web:build:     at x', '    at x'],
  ['[pod/api-7d9f-x/api]     at x', '    at x'],
])('no time, but a mark: %j', (line, rest) => {
  expect(takePrefix(line, NOW)).toEqual({ time: undefined, rest });
});

test.each([
  'x',
  '2026-13-45T10:00:00Z x',
  'Foo 27 10:00:00 x',
  '12345 x',
  '',
  '    at y (z.js:1:1)',
])('no time: %j', (line) => {
  expect(takePrefix(line, NOW)).toEqual({ time: undefined, rest: line });
});
