import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap, type Placed } from './heap.ts';

class Element implements Placed {
  place = -1;
  key: number;

  constructor(key: number) {
    this.key = key;
  }
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), key: fc.nat({ max: 50 }) }),
  fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('move' as const), which: fc.nat(), key: fc.nat({ max: 50 }) }),
);

test('knows the first, whatever comes, goes and moves', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const heap = new Heap<Element>((a, b) => a.key < b.key);
      const there: Element[] = [];
      for (const one of steps) {
        if (one.kind === 'add') {
          const element = new Element(one.key);
          there.push(element);
          heap.add(element);
        } else if (there.length > 0) {
          const element = there[one.which % there.length] as Element;
          if (one.kind === 'move') {
            element.key = one.key;
            heap.moved(element);
          } else {
            there.splice(there.indexOf(element), 1);
            heap.remove(element);
            expect(element.place).toBe(-1);
          }
        }
        expect(heap.first?.key).toBe(
          there.length === 0 ? undefined : Math.min(...there.map(({ key }) => key)),
        );
        expect(new Set(heap)).toEqual(new Set(there));
      }
    }),
  );
});
