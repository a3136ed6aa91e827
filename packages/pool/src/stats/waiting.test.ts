import { expect, test } from 'vitest';
import type { CallContext } from '../context/context.ts';
import { RequestScope } from '../context/request-scope.ts';
import { Request } from '../queue/request.ts';
import { asWaiters, countWaiting } from './waiting.ts';

class Waiter extends Request {
  constructor(enqueuedAt: number, context?: CallContext) {
    super(enqueuedAt, Infinity, context);
  }

  override fail(): void {}
}

test('counts who waits by what they want to do, the most callers first', () => {
  const owner = { label: 'Product.findMany' };
  const request = new RequestScope('GET /home');
  const waiting = countWaiting(
    asWaiters([
      new Waiter(70),
      new Waiter(90, { owner, request }),
      new Waiter(40, { owner, request }),
      new Waiter(80, { owner }),
    ]),
    100,
  );
  expect(waiting).toEqual([
    { owner: 'Product.findMany in GET /home', callers: 2, longestMillis: 60 },
    { owner: 'a checkout', callers: 1, longestMillis: 30 },
    { owner: 'Product.findMany', callers: 1, longestMillis: 20 },
  ]);
});
