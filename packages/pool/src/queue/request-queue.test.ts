import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Priority } from '../context/context.ts';
import { Line } from './line.ts';
import { BACKGROUND_LAG_MILLIS, Request } from './request.ts';
import { RequestQueue } from './request-queue.ts';

class Waiting extends Request {
  constructor(enqueuedAt: number, priority: Priority = 'interactive') {
    super(enqueuedAt, Infinity, undefined, priority);
  }

  override fail(): void {}
}

const TEXTS = 3;
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('come' as const), which: fc.nat() }) },
  fc.record({ kind: fc.constant('serve' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('move' as const), which: fc.nat() }),
);

test('whoever has the lowest rank has its turn, whatever lines come, go and move', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queues = [new RequestQueue(), new RequestQueue()] as const;
      const lines = Array.from(
        { length: 2 * TEXTS },
        (_, i) => new Line(i < TEXTS ? 'interactive' : 'background'),
      );
      const homes = new Map<Line, RequestQueue>(lines.map((line) => [line, queues[0]]));
      let waiting: Request[] = [];
      steps.forEach(({ kind, which }, i) => {
        const line = lines[which % lines.length] as Line;
        const home = homes.get(line) as RequestQueue;
        const [queue] = which % 2 ? queues : [queues[1]];
        if (kind === 'come') {
          const request = new Waiting(i * 100, line.priority);
          home.push(line, request, request.enqueuedAt);
          waiting.push(request);
        } else if (kind === 'move') {
          const next = home === queues[0] ? queues[1] : queues[0];
          homes.set(line, next);
          next.adopt(line, i * 100);
        } else {
          const request = kind === 'serve' ? queue.head : waiting[which % (waiting.length || 1)];
          request?.list?.remove(request);
          waiting = waiting.filter((other) => other !== request);
          expect(request?.list).toBeUndefined();
        }
        for (const one of queues) {
          const there = waiting.filter(({ list }) => list === one);
          const ranks = there.map(({ rank }) => rank).sort((a, b) => a - b);
          expect(one.length).toBe(there.length);
          expect(one.head?.rank).toBe(ranks[0]);
          const listed: Request[] = [];
          one.listTo(listed);
          expect(listed.length).toBe(there.length);
          expect(new Set(listed)).toEqual(new Set(there));
          for (const priority of ['interactive', 'background'] as const) {
            const those = there.filter((request) => request.priority === priority);
            expect(one.lengthOf(priority)).toBe(those.length);
          }
        }
      });
      expect(queues[0].length + queues[1].length).toBe(waiting.length);
    }),
  );
});

describe('a background request', () => {
  const serveAll = (requests: readonly Request[]): number[] => {
    const queue = new RequestQueue();
    const lines = { interactive: new Line('interactive'), background: new Line('background') };
    for (const request of requests)
      queue.push(lines[request.priority], request, request.enqueuedAt);
    const served: number[] = [];
    for (let head = queue.head; head; head = queue.head) {
      queue.remove(head);
      served.push(requests.indexOf(head));
    }
    return served;
  };

  test('waits while interactive ones come, but not for those who come two seconds later', () => {
    const [background, ...interactive] = [
      new Waiting(0, 'background'),
      new Waiting(1),
      new Waiting(BACKGROUND_LAG_MILLIS - 1),
      new Waiting(BACKGROUND_LAG_MILLIS + 1),
    ] as const;
    expect(serveAll([background, ...interactive])).toEqual([1, 2, 0, 3]);
  });

  test('has its turn at once when nobody else waits', () => {
    expect(serveAll([new Waiting(0, 'background'), new Waiting(1, 'background')])).toEqual([0, 1]);
  });
});

test('one that came earlier and goes again does not upset the order', () => {
  const queue = new RequestQueue();
  const [line, other] = [new Line('interactive'), new Line('interactive')];
  const [again, first, second] = [new Waiting(1), new Waiting(2), new Waiting(3)] as const;
  queue.push(line, first, 4);
  queue.push(line, again, 4);
  queue.push(other, second, 4);
  queue.remove(first);
  expect(queue.head).toBe(again);
});
