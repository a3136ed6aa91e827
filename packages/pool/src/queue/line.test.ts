import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Line } from './line.ts';
import { Request } from './request.ts';

class Waiting extends Request {
  constructor(enqueuedAt = 0) {
    super(enqueuedAt, Infinity, undefined);
  }

  override fail(): void {}
}

const step = fc.oneof(
  fc.record({ pushedAt: fc.nat({ max: 5 }) }),
  fc.record({ pushedAt: fc.constant(5) }),
  fc.record({ remove: fc.nat() }),
);

test('behaves as an array that is sorted by age does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const line = new Line('interactive');
      let waiting: Request[] = [];
      /** Those who have gone too: to take them out again changes nothing. */
      const known: Request[] = [];
      for (const one of steps) {
        if ('pushedAt' in one) {
          const request = new Waiting(one.pushedAt);
          line.push(request);
          waiting.push(request);
          // It is stable: of the same age, the first one in is the first one out.
          waiting.sort((a, b) => a.rank - b.rank);
          known.push(request);
        } else if (known.length > 0) {
          const request = known[one.remove % known.length] as Request;
          line.remove(request);
          waiting = waiting.filter((other) => other !== request);
          expect(request.line ?? request.previous ?? request.next).toBeUndefined();
        }
        expect(line.length).toBe(waiting.length);
        expect(line.head === waiting[0]).toBe(true);
        const listed: Request[] = [];
        for (let { head } = line; head; head = head.next) listed.push(head);
        expect(listed.length === waiting.length).toBe(true);
        expect(listed.every((request, i) => request === waiting[i])).toBe(true);
      }
    }),
  );
});
