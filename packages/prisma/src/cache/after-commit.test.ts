import { expect, test } from 'vitest';
import { dropAfterCommit, dropping, droppingAfterCommit } from './after-commit.ts';

function recorder() {
  const events: string[] = [];
  return { events, drop: async (tags: readonly string[]) => void events.push(`drop ${tags}`) };
}

/** A connection that was lost: nobody knows whether the COMMIT arrived. */
const lost = Object.assign(new Error('Server has closed the connection.'), { code: 'P1017' });

test('outside of a transaction there is none to wait for', () => {
  expect(dropAfterCommit(['a'])).toBe(false);
});

test('what a transaction writes is dropped once it is committed', async () => {
  const { events, drop } = recorder();
  await droppingAfterCommit(drop, async () => {
    expect(dropAfterCommit(['a', 'b'])).toBe(true);
    dropAfterCommit(['a']);
    events.push('commit');
  });
  expect(events).toEqual(['commit', 'drop a,b']);
});

test('nothing is dropped when it was rolled back, and nothing when it wrote nothing', async () => {
  const { events, drop } = recorder();
  const rolledBack = droppingAfterCommit(drop, async () => {
    dropAfterCommit(['a']);
    throw new Error('no money');
  });
  await expect(rolledBack).rejects.toThrow('no money');
  await droppingAfterCommit(drop, async () => {});
  expect(events).toEqual([]);
});

test('when nobody knows, it is dropped', async () => {
  const { events, drop } = recorder();
  const unknown = droppingAfterCommit(drop, async () => {
    dropAfterCommit(['a']);
    throw lost;
  });
  await expect(unknown).rejects.toBe(lost);
  await expect(
    dropping(
      async () => void events.push('drop b'),
      () => Promise.reject(lost),
    ),
  ).rejects.toBe(lost);
  expect(events).toEqual(['drop a', 'drop b']);
});

test('a transaction within another one is dropped for both', async () => {
  const { events, drop } = recorder();
  await droppingAfterCommit(drop, async () => {
    await droppingAfterCommit(drop, async () => void dropAfterCommit(['inner']));
    events.push('outer commit');
  });
  expect(events).toEqual(['drop inner', 'outer commit', 'drop inner']);
});
