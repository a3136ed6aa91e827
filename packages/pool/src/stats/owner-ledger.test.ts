import { describe, expect, test } from 'vitest';
import { OwnerLedger } from './owner-ledger.ts';

const held = (heldMillis: number, idleMillis = 0) => ({ heldMillis, idleMillis });

describe('OwnerLedger', () => {
  test('sums up by owner, the longest hold time first', () => {
    const ledger = new OwnerLedger();
    ledger.add('a', held(10, 1));
    ledger.add('b', held(100, 2));
    ledger.add('a', held(30, 5));
    expect(ledger.top(10)).toEqual([
      { owner: 'b', checkouts: 1, heldMillis: 100, idleMillis: 2, maxHeldMillis: 100 },
      { owner: 'a', checkouts: 2, heldMillis: 40, idleMillis: 6, maxHeldMillis: 30 },
    ]);
    expect(ledger.top(1).map(({ owner }) => owner)).toEqual(['b']);
  });

  test('endless owners are counted as one; the known ones stay apart', () => {
    const ledger = new OwnerLedger();
    for (let i = 0; i < 2_000; i++) ledger.add(`owner ${i}`, held(1));
    ledger.add('owner 0', held(9));
    const top = ledger.top(5_000);
    expect(top).toHaveLength(501);
    expect(top[0]).toMatchObject({ owner: 'others', checkouts: 1_500 });
    expect(top[1]).toMatchObject({ owner: 'owner 0', checkouts: 2, heldMillis: 10 });
  });
});
