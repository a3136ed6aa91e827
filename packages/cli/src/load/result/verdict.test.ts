import { expect, test } from 'vitest';
import {
  madeUpClosed,
  madeUpGood,
  madeUpPhase,
  madeUpSamples,
  madeUpSteps,
} from '../testing/made-up.ts';

const { database, monitor } = madeUpSamples();
const HELD =
  'Held 400/s with p99 38 ms and no errors; at 800/s it fell to 430/s served, 46 % failed, most with P2024';

test('what was held, and what happened beyond', () => {
  expect(madeUpSteps().verdict).toBe(`${HELD}.`);
  expect(madeUpGood().verdict).toBe('Held 800/s with p99 44 ms and no errors.');
});

test('with what was full, as the application’s monitor says it', () => {
  expect(madeUpSteps({ monitor }).verdict).toBe(
    `${HELD}: every connection was taken (10 of 10 used, up to 320 callers waiting). Lifeguard’s monitor names the cause: GET /api/home sends up to 50 × Product.findMany at once.`,
  );
});

test('or as the database shows it', () => {
  expect(madeUpSteps({ database }).verdict).toBe(
    `${HELD}: every connection was taken (10 of 10 at work).`,
  );
  const series = (one: number) => database.at.map(() => one);
  const busiest = { ...database.busiest!, active: series(2), idleInTransaction: series(8) };
  expect(madeUpSteps({ database: { ...database, busiest } }).verdict).toContain(
    '(10 of 10 at work, up to 8 of them idle in transaction)',
  );
  expect(madeUpSteps({ database: { ...database, maxConnections: 13 } }).verdict).toContain(
    'the server was full (13 of 13 connections)',
  );
  const locked = { ...database, waitingForLocks: database.at.map(() => 8) };
  expect(madeUpSteps({ database: locked }).verdict).toContain(
    'up to 8 sessions waited for locks that 1 held',
  );
  const half = { ...busiest, idleInTransaction: series(3) };
  expect(madeUpSteps({ database: { ...database, busiest: half } }).verdict).toBe(`${HELD}.`);
  const idle = { ...busiest, active: series(1), idleInTransaction: series(0) };
  expect(madeUpSteps({ database: { ...database, busiest: idle } }).verdict).toContain(
    'the database had little to do meanwhile (1.0 of 10 connections at work on average), so the time went by in the application',
  );
  // What was full before the step that was lost is no cause.
  const before = {
    ...busiest,
    active: database.at.map((at) => (at < 15 ? 10 : 3)),
    idleInTransaction: series(0),
  };
  expect(madeUpSteps({ database: { ...database, busiest: before } }).verdict).toBe(`${HELD}.`);
});

test('of a load that held nothing', () => {
  const phase = madeUpPhase({
    rate: 100,
    served: 0,
    errors: { refused: 990, timeout: 10 },
    latency: [0, 0],
  });
  const lost = { ...phase, held: false, because: 'errors' } as const;
  expect(madeUpSteps({ phases: [lost], failures: new Map() }).verdict).toBe(
    'Not one request was served: 99 % failed with a refused connection.',
  );
  const slow = {
    ...madeUpPhase({ rate: 100, served: 500, errors: { timeout: 500 }, latency: [1, 9] }),
    held: false,
    because: 'errors',
  } as const;
  expect(madeUpSteps({ phases: [slow], failures: new Map() }).verdict).toBe(
    'At 100/s it fell to 50/s served, 50 % failed with a time-out.',
  );
});

test('a stall is told, which percentiles alone hide', () => {
  const { timeline } = madeUpGood();
  const seconds = timeline.offered.length;
  const but = (stalled: number[], rate = 800) => ({
    ...timeline,
    offered: Array<number>(seconds).fill(rate),
    served: Array.from({ length: seconds }, (_, n) => (stalled.includes(n) ? 0 : rate)),
    failed: Array<number>(seconds).fill(0),
  });
  const held = (more: object) => madeUpGood(more).verdict;
  expect(held({ timeline: but([3, 4]) })).toMatch(
    /no errors\. From second 3 to 5 nothing was answered\.$/,
  );
  expect(held({ timeline: but([]) })).toMatch(/no errors\.$/);
  expect(held({ timeline: but([3, 4], 5) })).toMatch(/no errors\.$/);
});

test('is not to blame the service for our own lateness', () => {
  const phase = madeUpPhase({ rate: 100, served: 1_000, latency: [5, 200], waiting: 150 });
  const late = { ...phase, held: false, because: 'ourselves' } as const;
  const { verdict, notes } = madeUpSteps({ phases: [late], monitor });
  expect(verdict).toMatch(
    /^At 100\/s this process itself could not keep the pace .*says nothing of the service\.$/,
  );
  expect(notes[0]).toMatch(/^This process could not keep the pace/);
});

test('nor to take our own highest throughput for the service’s', () => {
  const notesAt = (busy: number) => madeUpClosed({ busy }).notes;
  expect(notesAt(0.97)).toEqual([expect.stringMatching(/^This process was busy 97 % of the time/)]);
  expect(notesAt(0.5)).toEqual([]);
});

test('notes tell of redirects, and of connections that were all taken', () => {
  const phase = {
    ...madeUpPhase({ rate: 10, served: 100, latency: [1, 9] }),
    statuses: { 302: 100 },
  };
  const { notes } = madeUpSteps({
    phases: [{ ...phase, held: true, because: null }],
    redirectedTo: 'http://127.0.0.1/login?next=secret',
    timeline: { ...madeUpGood().timeline, inFlight: [1_200] },
  });
  expect(notes).toEqual([
    expect.stringContaining('All of our 1 000 connections were taken at times'),
    '100 % of the answers were redirects (to http://127.0.0.1/login); they count as served and are not followed.',
  ]);
});
