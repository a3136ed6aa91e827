import { Histogram } from '../engine/histogram.ts';
import { judge } from '../plan/judge.ts';
import { planOf } from '../plan/plan.ts';
import { assemble } from '../result/assemble.ts';
import type {
  DatabaseSamples,
  Judgement,
  LoadResult,
  MonitorSamples,
  Phase,
  Timeline,
} from '../result/result.ts';
import { DEFAULTS } from './plan.ts';

interface Shape {
  readonly rate: number | null;
  readonly workers?: number;
  readonly served: number;
  readonly errors?: Readonly<Record<string, number>>;
  /** Waits of the served: so many, from, to, evenly. */
  readonly latency: readonly [from: number, to: number];
  readonly waiting?: number;
  readonly from?: number;
}

/** A phase of 10 s, as a load would have measured it. */
export function madeUpPhase(shape: Shape): Phase {
  const { rate, workers = null, served, errors = {}, latency, waiting = 0.6, from = 0 } = shape;
  const failed = Object.values(errors).reduce((sum, one) => sum + one, 0);
  const [all, service, ours] = [new Histogram(), new Histogram(), new Histogram()];
  for (let i = 0; i < served; i++) {
    const millis = latency[0] + ((latency[1] - latency[0]) * i) / Math.max(1, served - 1);
    all.record(millis);
    service.record(Math.max(0, millis - waiting));
    ours.record(Math.min(millis, waiting));
  }
  const none = new Histogram().waits();
  return {
    rate,
    workers,
    seconds: 10,
    from,
    offered: served + failed,
    served,
    failed,
    unfinished: 0,
    servedPerSecond: served / 10,
    latency: all.waits(),
    waiting: ours.waits(),
    service: service.waits(),
    lateness: ours.waits(),
    failedLatency: none,
    statuses: { 200: served },
    errors,
    curves: { latency: all.curve(), service: service.curve() },
    histograms: { latency: all.encode(), service: service.encode() },
  };
}

function judged(phases: readonly Phase[]): (Phase & Judgement)[] {
  const [first] = phases;
  return phases.map((phase) => ({ ...phase, ...judge(phase, (first ?? phase).latency) }));
}

/** Each second of a phase like the others. */
function timelineOf(phases: readonly Phase[]): Timeline {
  const each = <T>(value: (phase: Phase) => T): T[] =>
    phases.flatMap((phase) => Array.from({ length: 10 }, () => value(phase)));
  const kinds = [...new Set(phases.flatMap(({ errors }) => Object.keys(errors)))];
  return {
    offered: each(({ offered }) => offered / 10),
    served: each(({ servedPerSecond }) => servedPerSecond),
    failed: each(({ failed }) => failed / 10),
    inFlight: each(({ rate, latency }) =>
      Math.min(990, Math.round(((rate ?? 0) * latency.mean) / 1_000)),
    ),
    p50: each(({ latency }) => latency.p50),
    p99: each(({ latency }) => latency.p99),
    waitingP99: each(({ waiting }) => waiting.p99),
    failures: Object.fromEntries(
      kinds.map((kind) => [kind, each(({ errors }) => (errors[kind] ?? 0) / 10)]),
    ),
  };
}

const P2024 = {
  kind: '503 P2024',
  status: 503,
  code: 'P2024',
  title: 'No connection of the application’s pool became free in time',
};
const PHASES = [
  madeUpPhase({ rate: 100, served: 1_000, latency: [2, 14] }),
  madeUpPhase({ rate: 400, served: 4_000, latency: [3, 38], from: 10 }),
  madeUpPhase({
    rate: 800,
    served: 4_300,
    errors: { '503 P2024': 3_050, timeout: 590, reset: 60 },
    latency: [900, 9_800],
    from: 20,
  }),
];

/** What `--steps 100,200,400` on a shop whose pool is too small would tell. */
export function madeUpSteps(more: Partial<Parameters<typeof assemble>[0]> = {}): LoadResult {
  return assemble({
    plan: planOf({ ...DEFAULTS, steps: [100, 400, 800], warmup: 2 }),
    target: {
      url: 'http://127.0.0.1:3000/api/home',
      method: 'GET',
      bodyBytes: 0,
      headers: ['user-agent'],
    },
    phases: judged(PHASES),
    timeline: timelineOf(PHASES),
    startedAt: new Date('2026-11-27T10:00:00Z'),
    interrupted: false,
    busy: 0.2,
    failures: new Map([['503 P2024', P2024]]),
    ...more,
  });
}

/** What was seen of the database and the pool in those thirty seconds. */
export function madeUpSamples(): { database: DatabaseSamples; monitor: MonitorSamples } {
  const at = Array.from({ length: 30 }, (_, i) => i);
  const used = at.map((i) => (i < 10 ? 2 : i < 20 ? 6 : 10));
  return {
    database: {
      where: 'shop at 127.0.0.1:5432 (DATABASE_URL)',
      maxConnections: 100,
      at,
      states: {
        active: used.map((one) => Math.ceil(one * 0.7)),
        idle: used.map((one) => 13 - one),
        'idle in transaction': used.map((one) => Math.floor(one * 0.3)),
      },
      waits: { Client: at.map(() => 1), IO: used.map((one) => Math.floor(one / 4)) },
      waitingForLocks: at.map((i) => (i > 24 ? 4 : 0)),
      blockers: at.map((i) => (i > 24 ? 1 : 0)),
      busiest: {
        application: 'shop',
        sessions: used.map(() => 10),
        active: used.map((one) => Math.ceil(one * 0.7)),
        idleInTransaction: used.map((one) => Math.floor(one * 0.3)),
      },
      problems: {},
    },
    monitor: {
      where: 'http://127.0.0.1:3000/lifeguard',
      pools: [
        {
          name: 'main',
          at,
          used,
          idle: used.map((one) => 10 - one),
          max: at.map(() => 10),
          pending: at.map((i) => (i < 20 ? 0 : (i - 19) * 32)),
          waitP99: at.map((i) => (i < 20 ? 0.4 : 2_100)),
          refused: at.map((i) => (i < 20 ? 0 : 305)),
        },
      ],
      incidents: [
        {
          kind: 'fan-out',
          title: 'GET /api/home sends up to 50 × Product.findMany at once',
          cause: 'One request wants more connections than there are.',
          remedy: 'Write prisma.product.findManyGrouped() in place of the calls at once.',
          count: 4_310,
        },
        {
          kind: 'pool-exhausted',
          title: 'all 10 connections have been used for 9.8 s while callers wait',
          cause: 'More is asked than the pool can do.',
          remedy: 'Look at the other incidents first.',
          count: 3_050,
        },
      ],
      problem: null,
    },
  };
}

/** A load that went well. */
export function madeUpGood(more: Partial<Parameters<typeof assemble>[0]> = {}): LoadResult {
  const phases = [madeUpPhase({ rate: 800, served: 8_000, latency: [3, 44] })];
  return madeUpSteps({
    plan: planOf({ ...DEFAULTS, rate: 800, warmup: 2 }),
    phases: judged(phases),
    timeline: timelineOf(phases),
    ...more,
  });
}

/** Twenty workers, and a rule that is broken. */
export function madeUpClosed(more: Partial<Parameters<typeof assemble>[0]> = {}): LoadResult {
  const phases = [
    madeUpPhase({ rate: null, workers: 20, served: 4_310, latency: [20, 130], waiting: 0.1 }),
  ];
  return madeUpSteps({
    plan: planOf({ ...DEFAULTS, concurrency: 20, failIf: ['p99>100ms', 'errors>1%'] }),
    phases: judged(phases),
    timeline: timelineOf(phases),
    target: {
      url: 'http://127.0.0.1:3000/api/checkout',
      method: 'POST',
      bodyBytes: 64,
      headers: ['user-agent', 'content-type'],
    },
    ...more,
  });
}
