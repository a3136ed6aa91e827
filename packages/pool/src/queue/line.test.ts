import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Line } from './line.ts';
import { Request } from './request.ts';

class Waiting extends Request {
  constructor() {
    super(0, Infinity, undefined);
  }

  override fail(): void {}
}

const step = fc.oneof(fc.constant('push' as const), fc.record({ remove: fc.nat() }));

test('behaves as an array does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const line = new Line('interactive');
      let waiting: Request[] = [];
      /** Those who have gone too: to take them out again changes nothing. */
      const known: Request[] = [];
      for (const one of steps) {
        if (one === 'push') {
          const request = new Waiting();
          line.push(request);
          waiting.push(request);
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
