import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addLoadCommand } from '../command.ts';
import { madeUpPhase } from '../testing/made-up.ts';
import { planWith } from '../testing/plan.ts';
import { judge } from './judge.ts';
import { HIGHEST_RATE, MOST_CONNECTIONS } from './plan.ts';
import { checkThresholds, isCrossed, measuredOf, readThreshold } from './thresholds.ts';

describe('what is to be done', () => {
  test('by default, 50 a second for 10 s', () => {
    expect(planWith({})).toMatchObject({
      model: 'open',
      steps: [{ rate: 50, workers: null, seconds: 10 }],
      connections: 1_000,
      timeoutMillis: 10_000,
      knee: undefined,
    });
  });

  test('workers have a connection each', () => {
    expect(planWith({ concurrency: 7 })).toMatchObject({
      model: 'closed',
      connections: 7,
      steps: [{ rate: null, workers: 7 }],
    });
  });

  test.each([
    [{ concurrency: 2, steps: [1, 2] }, '-c and --steps are different loads'],
    [{ steps: [1, 2], findKnee: true }, '--steps and --find-knee are different loads'],
    [{ concurrency: 2, rate: 5 }, '--rate and -c are different loads'],
    [{ rate: 2, steps: [5] }, '--rate and --steps both say how fast'],
    [{ failIf: ['knee<5/s'] }, '--fail-if knee… goes with --find-knee'],
    [{ failIf: ['p99>200'] }, '--fail-if p99>200: write p50'],
  ])('%j is refused', (options, words) => {
    expect(() => planWith(options)).toThrow(words);
  });

  test('the command line has the same bounds', () => {
    const command = addTo(new Command());
    const told = (option: string, value: number) =>
      command.options.find(({ long }) => long === option)?.parseArg?.(String(value), undefined);
    expect(told('--rate', HIGHEST_RATE)).toBe(HIGHEST_RATE);
    expect(() => told('--rate', HIGHEST_RATE + 1)).toThrow();
    expect(told('--connections', MOST_CONNECTIONS)).toBe(MOST_CONNECTIONS);
    expect(() => told('--connections', MOST_CONNECTIONS + 1)).toThrow();
    expect(told('--steps', 100)).toEqual([100]);
    expect(() =>
      command.options.find(({ long }) => long === '--steps')?.parseArg?.('200,100', []),
    ).toThrow('rise');
  });
});

function addTo(program: Command): Command {
  addLoadCommand(program);
  return program.commands[0] as Command;
}

describe('rules', () => {
  const phase = madeUpPhase({
    rate: 100,
    served: 900,
    errors: { timeout: 100 },
    latency: [1, 200],
  });

  test.each([
    ['p99>150ms', true],
    ['p99 > 0.25 s', false],
    ['p99.9>0.1s', true],
    ['errors>9.9%', true],
    ['errors>10%', false],
    ['served<91/s', true],
    ['served<90/s', false],
    ['max>300ms', false],
  ])('%s: %j', (text, crossed) => {
    const rule = readThreshold(text);
    expect(isCrossed(rule, measuredOf(rule, phase))).toBe(crossed);
  });

  test.each(['p99', 'p98>1ms', 'errors>1ms', 'served<5%', 'p99>=1ms', '', 'toString>1/s'])(
    '%j is none',
    (text) => {
      expect(() => readThreshold(text)).toThrow(/--fail-if .*: write p50/);
    },
  );

  test('the worst phase counts', () => {
    const better = madeUpPhase({ rate: 50, served: 500, latency: [1, 20] });
    const [p99] = checkThresholds([readThreshold('p99>150ms')], [better, phase], null);
    expect(p99).toEqual({ text: 'p99>150ms', crossed: true, actual: phase.latency.p99 });
  });

  test('in a search only the knee decides', () => {
    const rules = ['p99>1ms', 'knee<300/s'].map(readThreshold);
    expect(checkThresholds(rules, [phase], { held: 200 }).map(({ crossed }) => crossed)).toEqual([
      false,
      true,
    ]);
    expect(checkThresholds(rules, [phase], { held: null })[1]).toMatchObject({ actual: 0 });
  });
});

describe('a step', () => {
  const light = madeUpPhase({ rate: 10, served: 100, latency: [5, 15] }).latency;
  test.each([
    ['is held', { rate: 100, served: 1_000, latency: [5, 20] }, null],
    [
      'with a failure in a hundred, too',
      { rate: 100, served: 990, errors: { 500: 10 }, latency: [5, 20] },
      null,
    ],
    ['fails', { rate: 100, served: 980, errors: { 500: 20 }, latency: [5, 20] }, 'errors'],
    ['grows slow', { rate: 100, served: 1_000, latency: [5, 200] }, 'slow'],
    [
      'is not slow by what cannot be told from noise',
      { rate: 100, served: 1_000, latency: [1, 99] },
      null,
    ],
    ['is over a rule', { rate: 100, served: 1_000, latency: [5, 60] }, 'threshold'],
  ] as const)('%s', (_, shape, because) => {
    const rules = because === 'threshold' ? [readThreshold('p99>50ms')] : [];
    expect(judge(madeUpPhase(shape), light, rules)).toEqual({ held: because === null, because });
  });

  test('falls behind', () => {
    const phase = madeUpPhase({ rate: 100, served: 1_000, latency: [5, 20] });
    expect(judge({ ...phase, servedPerSecond: 94 }, light).because).toBe('behind');
  });

  test('is not to be blamed for what we did not keep', () => {
    const phase = madeUpPhase({ rate: 100, served: 1_000, latency: [5, 200], waiting: 150 });
    expect(judge(phase, light).because).toBe('ourselves');
  });

  test('a rule of time replaces ours', () => {
    const phase = madeUpPhase({ rate: 100, served: 1_000, latency: [5, 900] });
    expect(judge(phase, light, [readThreshold('p99>1s')]).held).toBe(true);
    expect(judge(phase, light, [readThreshold('errors>1%')]).because).toBe('slow');
  });
});
