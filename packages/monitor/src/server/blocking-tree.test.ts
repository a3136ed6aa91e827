import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BlockingNode, blockingTree } from './blocking-tree.ts';

const session = (pid: number, ...blockedBy: number[]) => ({ pid, blockedBy });

/** `1(2(3) 4)` */
function drawn(nodes: readonly BlockingNode<unknown>[]): string {
  return nodes
    .map(({ pid, blocks }) => (blocks.length === 0 ? `${pid}` : `${pid}(${drawn(blocks)})`))
    .join(' ');
}

test.each([
  ['nobody waits', [session(1), session(2)], ''],
  ['one waits for one', [session(1), session(2, 1)], '1(2)'],
  ['a chain', [session(3, 2), session(2, 1), session(1)], '1(2(3))'],
  [
    'who holds up the most comes first',
    [session(1), session(2, 1), session(3), session(4, 3), session(5, 4)],
    '3(4(5)) 1(2)',
  ],
  [
    'whoever waits for two stands below the first',
    [session(1), session(2), session(3, 2, 1)],
    '2(3)',
  ],
  ['a prepared transaction, or one that has gone', [session(2, 0), session(4, 9)], '0(2) 9(4)'],
  ['a circle, and one who waits for it', [session(5, 6), session(6, 5), session(7, 6)], '5(6(7))'],
  ['one that waits for itself', [session(5, 5)], '5'],
])('%s', (_, sessions, picture) => {
  expect(drawn(blockingTree(sessions))).toBe(picture);
});

test('tells how many wait in all, and for whom else', () => {
  const [root] = blockingTree([session(1), session(2, 1, 8), session(3, 2), session(8)]);
  expect(root).toMatchObject({ pid: 1, waiting: 2 });
  expect(root?.blocks[0]).toMatchObject({ pid: 2, waiting: 1, alsoBlockedBy: [8] });
});

test('everybody who waits stands in exactly one place, whatever waits for whom', () => {
  const some = fc.array(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 3 }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(some, (edges) => {
      const sessions = edges.map((blockedBy, i) => session(i + 1, ...blockedBy));
      const seen: number[] = [];
      const walk = (nodes: readonly BlockingNode<unknown>[]) => {
        for (const { pid, blocks } of nodes) {
          seen.push(pid);
          walk(blocks);
        }
      };
      walk(blockingTree(sessions));
      expect(new Set(seen).size).toBe(seen.length);
      const waiting = sessions.filter(({ blockedBy }) => blockedBy.length > 0);
      for (const { pid } of waiting) expect(seen).toContain(pid);
    }),
  );
});
