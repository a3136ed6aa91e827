import pc from 'picocolors';
import { expect, test } from 'vitest';
import { madeUpReport } from '../testing/results.ts';
import { renderReport } from './report.ts';

function render(report: Parameters<typeof renderReport>[0], width: number): string {
  return renderReport(report, width, pc.createColors(false));
}

test('the first incident in full, the others by title', () => {
  const other = {
    ...madeUpReport,
    kind: 'fan-out' as const,
    title: 'GET / sends up to 50 at once',
  };
  expect(render([madeUpReport, other], 100)).toBe(
    [
      'What Lifeguard reported, with the code unchanged:',
      '  idle-in-transaction $transaction holds a connection for 321 ms and uses it for 14 ms',
      '    · 96 % of its hold time had no statement under way',
      '    Repair: Make the call outside.',
      '  also fan-out: GET / sends up to 50 at once',
    ].join('\n'),
  );
});

test('keeps to the width', () => {
  const lines = render([madeUpReport], 50).split('\n').slice(1);
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(50);
});

test('nothing to report', () => {
  expect(render([], 100)).toBe('Lifeguard reported no incident.');
});
