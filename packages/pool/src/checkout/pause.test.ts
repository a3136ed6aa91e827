import { expect, test } from 'vitest';
import type { CallSite } from '../context/call-site.ts';
import { Checkout } from './checkout.ts';
import { describePause } from './pause.ts';

const owner = (label: string, site?: string) => ({
  label,
  site: site as unknown as CallSite | undefined,
});
const transaction = owner('$transaction', 'checkout (orders.ts:8:3)');
const create = owner('Order.create', 'checkout (orders.ts:9:5)');
const update = owner('Product.update', 'checkout (orders.ts:20:5)');

test.each([
  [
    create,
    update,
    `between ${create.label} at ${create.site} and ${update.label} at ${update.site}`,
  ],
  [create, transaction, `after ${create.label} at ${create.site}`],
  [create, undefined, `after ${create.label} at ${create.site}`],
  [transaction, update, `before ${update.label} at ${update.site}`],
  [undefined, undefined, undefined],
])(
  'a pause is between the statements around it, of which the holder’s own are its ends',
  (after, before, told) => {
    expect(describePause({ millis: 1, after, before }, transaction)).toBe(told);
  },
);

test('the longest pause of a checkout is told, and the one that it is in when that is longer', () => {
  const checkout = new Checkout(0, { owner: transaction });
  const run = (from: number, to: number, who: typeof create) => {
    checkout.statementBegins(from, { owner: who }, Infinity);
    checkout.serverIsReady(to, 'T');
  };
  run(5, 10, create);
  run(310, 315, update);
  expect(checkout.pauseAt(400)).toBe(
    describePause({ millis: 300, after: create, before: update }, transaction),
  );
  expect(checkout.describe(400).pauseAt).toContain('between Order.create');
  expect(checkout.pauseAt(700)).toBe('after Product.update at checkout (orders.ts:20:5)');
});
