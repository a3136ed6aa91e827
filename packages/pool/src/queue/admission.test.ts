import { describe, expect, test } from 'vitest';
import { Admission } from './admission.ts';

const FOR_EVER = { deadline: Infinity, answerBy: Infinity, serviceMillis: 0 };
const LONG_WAIT = 60;
const SHORT_WAIT = 40;

/** A queue in which somebody always waits, and that is served every so many ms. */
class Queue {
  readonly admission = new Admission();
  now: number;

  constructor(start = 1_000) {
    this.now = start;
    this.admission.begins(start);
  }

  serve(seconds: number, { every, waited = LONG_WAIT }: { every: number; waited?: number }): this {
    const end = this.now + seconds * 1_000;
    while (this.now + every <= end) {
      this.now += every;
      this.admission.departed(this.now, waited, 10);
    }
    this.now = end;
    return this;
  }

  stand(seconds: number): this {
    this.now += seconds * 1_000;
    return this;
  }

  get isOverloaded(): boolean {
    return this.admission.isOverloaded(this.now);
  }

  get gapMillis(): number {
    return this.admission.gapMillis(this.now);
  }

  isInVain(ahead: number, patienceMillis: number, serviceMillis = 0): boolean {
    const deadline = this.now + patienceMillis;
    const patience = { deadline, answerBy: deadline, serviceMillis };
    return this.admission.isInVain(patience, ahead, this.now);
  }
}

describe('overload', () => {
  test('is when for two seconds even the shortest wait was long', () => {
    expect(new Queue().serve(1.9, { every: 10 }).isOverloaded).toBe(false);
    expect(new Queue().serve(2.1, { every: 10 }).isOverloaded).toBe(true);
  });

  test('is not when somebody waited little meanwhile, nor any more when somebody does', () => {
    const queue = new Queue().serve(1.9, { every: 10 });
    queue.serve(0.01, { every: 10, waited: SHORT_WAIT });
    expect(queue.serve(1.9, { every: 10 }).isOverloaded).toBe(false);
    expect(queue.serve(0.2, { every: 10 }).isOverloaded).toBe(true);
    expect(queue.serve(0.01, { every: 10, waited: SHORT_WAIT }).isOverloaded).toBe(false);
  });

  test('is also when nobody is served at all', () => {
    expect(new Queue().stand(1.9).isOverloaded).toBe(false);
    expect(new Queue().stand(2.1).isOverloaded).toBe(true);
  });

  test('is not when nobody had to wait for a moment', () => {
    const queue = new Queue().serve(5, { every: 10 });
    queue.admission.begins(queue.now);
    expect(queue.serve(1.9, { every: 10 }).isOverloaded).toBe(false);
  });

  test('lasts while waits are short only because others are refused', () => {
    const queue = new Queue().serve(5, { every: 10 });
    for (let i = 0; i < 50; i++) {
      queue.admission.shed(queue.now);
      queue.serve(0.1, { every: 10, waited: SHORT_WAIT });
      queue.admission.begins(queue.now);
    }
    expect(queue.isOverloaded).toBe(true);
    queue.serve(1.8, { every: 10, waited: SHORT_WAIT });
    expect(queue.isOverloaded).toBe(true);
    queue.serve(0.2, { every: 10, waited: SHORT_WAIT });
    expect(queue.isOverloaded).toBe(false);
  });
});

describe('the time between departures', () => {
  test('is what it was of late', () => {
    expect(new Queue().serve(3, { every: 10 }).gapMillis).toBeCloseTo(10);
  });

  test.each([
    ['ten times slower', 1, 10],
    ['ten times faster', 10, 1],
  ])('follows a server that becomes %s within two seconds', (_, before, after) => {
    const queue = new Queue().serve(10, { every: before }).serve(2, { every: after });
    expect(queue.gapMillis / after).toBeGreaterThan(0.8);
    expect(queue.gapMillis / after).toBeLessThan(1.25);
  });

  test('is right for a queue that moves slowly as well', () => {
    expect(new Queue().serve(60, { every: 3_000 }).gapMillis).toBeCloseTo(3_000);
  });

  test('grows while nobody is served, though not for an ordinary pause', () => {
    const queue = new Queue().serve(5, { every: 2 });
    expect(queue.stand(0.02).gapMillis).toBeLessThan(2.2);
    const pauses = [0.5, 1, 2, 4].map((seconds) => queue.stand(seconds).gapMillis);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(queue.gapMillis).toBeGreaterThan(1_000);
  });

  test('is the time itself when nobody was served since the first began to wait', () => {
    expect(new Queue().stand(3).gapMillis).toBeCloseTo(3_000);
  });

  test('does not count the time in which nobody waited', () => {
    const queue = new Queue().serve(5, { every: 10 });
    queue.admission.shed(queue.now);
    queue.admission.departed(queue.now, SHORT_WAIT, 0);
    queue.stand(1);
    queue.admission.begins(queue.now);
    expect(queue.serve(0.1, { every: 10 }).gapMillis).toBeCloseTo(10, 0);
  });

  test('counts on while one after the other waits in vain', () => {
    const queue = new Queue().serve(5, { every: 10 });
    queue.admission.shed(queue.now);
    queue.admission.departed(queue.now, SHORT_WAIT, 0);
    const once = new Queue().serve(5, { every: 10 }).stand(1.5).gapMillis;
    queue.admission.begins(queue.now);
    queue.stand(1);
    queue.admission.begins(queue.now);
    expect(queue.stand(0.5).gapMillis).toBeCloseTo(once, 0);
  });
});

describe('in vain', () => {
  const served = () => new Queue().serve(5, { every: 10 });

  test('waits who would be served after the deadline, with a fifth to spare', () => {
    expect(served().isInVain(79, 1_000)).toBe(false);
    expect(served().isInVain(86, 1_000)).toBe(true);
  });

  test('waits who would be answered after the deadline', () => {
    expect(served().isInVain(59, 1_000, 200)).toBe(false);
    expect(served().isInVain(66, 1_000, 200)).toBe(true);
  });

  test('waits nobody who has no deadline, and nobody without overload that lasts', () => {
    const { admission, now } = served();
    expect(admission.isInVain(FOR_EVER, 1_000_000, now)).toBe(false);
    expect(new Queue().serve(1.9, { every: 10 }).isInVain(1_000_000, 10)).toBe(false);
  });

  test('waits everybody behind others when nobody is served any more', () => {
    expect(served().stand(10).isInVain(1, 1_000)).toBe(true);
  });
});
