import { describe, expect, test } from 'vitest';
import { type Case, LIFEGUARD } from '../cases/case.ts';
import { cases } from '../cases/index.ts';
import { orderOfRound } from '../rotation.ts';
import { caseResult, medianOf, type Rounds } from './results.ts';
import { renderResults } from './table.ts';
import { number } from './words.ts';

const one: Case = {
  name: 'reads',
  title: 'reads',
  figures: [
    { name: 'statements', unit: '/s', better: 'more' },
    { name: 'p99', unit: 'ms', better: 'less' },
  ],
  peers: ['slow', 'quick', LIFEGUARD],
  goals: [
    { figure: 'statements', against: 'slow', atLeast: 2 },
    { figure: 'statements', against: 'the best', atLeast: 2 },
    { figure: 'p99', against: 'the best', atMost: 1 / 2 },
    { figure: 'p99', atMost: 3 },
    { figure: 'p99', against: 'quick', atMostMore: 1 },
  ],
  measure: async () => ({}),
};

const measured = (...values: [number, number][]): Rounds => ({
  values: values.map(([statements, p99]) => ({ statements, p99 })),
  errors: [],
});

const rounds = new Map([
  ['slow', measured([1_000, 9], [900, 10], [1_100, 8])],
  ['quick', measured([2_000, 4], [2_000, 4], [2_000, 4])],
  [LIFEGUARD, measured([3_000, 2], [2_000, 4], [3_100, 1])],
]);

const machine = {
  ...{ cpu: 'a CPU', cores: 2, memoryGigabytes: 8, system: 'Linux', node: '20' },
  ...{ postgres: '18', loadAverage: 0 },
};
const run = { version: 1, startedAt: '2026-01-01', machine, rounds: 3, seconds: 1 } as const;

describe('a case’s result', () => {
  const result = caseResult(one, rounds);

  test('holds median, lowest and highest of each figure', () => {
    expect(result.peers[2]).toMatchObject({
      median: { statements: 3_000, p99: 2 },
      lowest: { statements: 2_000, p99: 1 },
      highest: { statements: 3_100, p99: 4 },
    });
  });

  test('judges goals against one peer, the best one, and by themselves', () => {
    expect(result.goals.map(({ reached, met }) => [reached, met])).toEqual([
      [3, true],
      [1.5, false],
      [0.5, true],
      [2, true],
      [-2, true],
    ]);
  });

  test('is shown with our figure divided by each peer’s', () => {
    const lines = renderResults({ ...run, cases: [result] }).split('\n');
    expect(lines.slice(2, 5).map((line) => line.replace(/ +/g, ' '))).toEqual([
      '| reads | slow | statements 1 000 /s (3×) | 900 – 1 100 | p99 9 ms (0.222×) |',
      '| | quick | statements 2 000 /s (1.5×) | 2 000 – 2 000 | p99 4 ms (0.5×) |',
      '| | Lifeguard | statements 3 000 /s | 2 000 – 3 100 | p99 2 ms |',
    ]);
    expect(lines).toContain('- reads: statements at least 2× of the best: 1.5×, **missed**');
    expect(lines).toContain('- reads: p99 at most 3 ms: 2 ms');
  });

  describe('with a reference', () => {
    const withReference: Case = {
      ...one,
      reference: { name: 'raw', measure: async () => ({ statements: 6_000 }) },
    };
    const lines = (ofReference: Rounds) =>
      renderResults({ ...run, cases: [caseResult(withReference, rounds, ofReference)] }).split(
        '\n',
      );

    test('shows how near we come, and measures no goal by it', () => {
      const shown = lines({ values: [{ statements: 6_000 }, { statements: 5_000 }], errors: [] });
      expect(shown[5]?.replace(/ +/g, ' ')).toBe(
        '| | for scale: raw | statements 5 500 /s (0.545×) | 5 000 – 6 000 | |',
      );
      expect(shown).toContain('- reads: statements at least 2× of the best: 1.5×, **missed**');
    });

    test('says when there is none, and nothing has failed', () => {
      const text = lines({ values: [], errors: ['no raw is installed'] });
      expect(text).toContain('For scale, reads has nothing here: no raw is installed.');
      expect(text).not.toContain('Failed:');
      expect(text.join()).not.toContain('for scale: raw');
    });
  });

  test('says what failed, and compares with none of it', () => {
    const failed = caseResult(
      one,
      new Map(rounds).set('slow', { values: [], errors: ['no server'] }),
    );
    expect(failed.goals[0]).toMatchObject({ reached: null, met: false });
    expect(failed.peers[0]).toMatchObject({ median: {}, errors: ['no server'] });
  });
});

test('a goal of every case speaks of a figure and a peer that it measures', () => {
  for (const { name, figures, peers, goals } of cases) {
    expect(peers, name).toContain(LIFEGUARD);
    for (const { figure, against = 'the best' } of goals) {
      expect(
        figures.map((one) => one.name),
        name,
      ).toContain(figure);
      expect([...peers, 'the best'], name).toContain(against);
    }
  }
});

test('medianOf an even number is between the two in the middle', () => {
  expect(medianOf([1, 2, 4, 9])).toBe(3);
  expect(medianOf([])).toBeNaN();
});

test('orderOfRound brings each to each place once', () => {
  expect([0, 1, 2].map((round) => orderOfRound(['a', 'b', 'c'], round).join(''))).toEqual([
    'abc',
    'bca',
    'cab',
  ]);
});

test.each([
  [0.084_53, '0.0845'],
  [1, '1'],
  [271.4, '271'],
  [12_345, '12 300'],
  [1_234_567, '1 230 000'],
  [0, '0'],
])('%d is shown as %s', (value, shown) => {
  expect(number(value)).toBe(shown);
});
