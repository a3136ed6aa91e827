import { expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { Repeats } from './repeats.ts';

function scope() {
  const clock = new FakeClock();
  const repeats = new Repeats();
  const begin = (text: string, label = 'owner', inCheckout = false) => {
    const statement = repeats.begin(text, { label }, clock, inCheckout);
    if (!statement) throw new Error('not followed');
    return statement;
  };
  return { clock, repeats, begin };
}

test('counts what is sent, what is under way, and how long something was', () => {
  const { clock, begin } = scope();
  const statement = begin('SELECT a');
  clock.advance(10);
  begin('SELECT a');
  clock.advance(5);
  statement.end();
  clock.advance(5);
  expect(statement).toMatchObject({ sent: 2, underWay: 1, peak: 2, busyMillis: 20 });
  statement.end();
  clock.advance(100);
  expect(statement).toMatchObject({ underWay: 0, peak: 2, busyMillis: 20 });
});

test('knows who came before, and the latest five', () => {
  const { begin } = scope();
  begin('SELECT list', 'Order.findMany');
  for (let i = 0; i < 7; i++) begin('SELECT one', `call ${i}`);
  const statement = begin('SELECT one', 'call 7');
  expect(statement.after?.label).toBe('Order.findMany');
  expect(statement.latest.map((owner) => owner?.label)).toEqual([
    'call 3',
    'call 4',
    'call 5',
    'call 6',
    'call 7',
  ]);
});

test('begins anew after a pause: somebody polls', () => {
  const { clock, begin } = scope();
  for (let i = 0; i < 5; i++) {
    begin('SELECT a').end();
    clock.advance(1_000);
  }
  const statement = begin('SELECT a');
  statement.end();
  expect(statement.sent).toBe(6);
  clock.advance(1_001);
  expect(begin('SELECT a')).toMatchObject({ sent: 1, peak: 1, busyMillis: 0 });
});

test('what else is sent for the same call is no further call', () => {
  const { clock, repeats } = scope();
  const call = { label: 'Book.findMany', isCall: true };
  expect(repeats.begin('SELECT a', call, clock)?.sent).toBe(1);
  expect(repeats.begin('SELECT a', call, clock)).toBeUndefined();
  expect(repeats.begin('SELECT a', { ...call }, clock)?.sent).toBe(2);
});

test('of a connection that is held, statements count apart', () => {
  const { begin } = scope();
  begin('SELECT a', 'x', true);
  expect(begin('SELECT a')).toMatchObject({ sent: 1, inCheckout: false });
  expect(begin('SELECT a', 'x', true)).toMatchObject({ sent: 2, inCheckout: true });
});

test('texts without end are not followed', () => {
  const { clock, repeats } = scope();
  for (let i = 0; i < 1_000; i++) repeats.begin(`SELECT ${i}`, undefined, clock);
  expect(repeats.begin('SELECT x', undefined, clock)).toBeUndefined();
  expect(repeats.begin('SELECT 7', undefined, clock)?.sent).toBe(2);
});
