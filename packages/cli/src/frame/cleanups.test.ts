import { afterEach, expect, test, vi } from 'vitest';
import { Cleanups } from './cleanups.ts';

afterEach(() => vi.restoreAllMocks());

test('undoes in reverse order, one after the other', async () => {
  const events: string[] = [];
  const cleanups = new Cleanups();
  for (const name of ['first', 'second']) {
    cleanups.add(async () => {
      events.push(`${name} begins`);
      await new Promise(setImmediate);
      events.push(`${name} ends`);
    });
  }
  await cleanups.run();
  expect(events).toEqual(['second begins', 'second ends', 'first begins', 'first ends']);
});

test('one that fails is told and does not keep the others', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const undone: string[] = [];
  const cleanups = new Cleanups();
  cleanups.add(() => undone.push('first'));
  cleanups.add(() => Promise.reject(new Error('no such schema')));
  cleanups.add(() => {
    throw new Error('no such process');
  });
  cleanups.add(() => undone.push('last'));
  await cleanups.run();
  expect(undone).toEqual(['last', 'first']);
  expect(told.mock.calls).toEqual([
    ['While cleaning up: no such process'],
    ['While cleaning up: no such schema'],
  ]);
});

test('runs once, also for two who ask at the same time', async () => {
  const undo = vi.fn();
  const cleanups = new Cleanups();
  cleanups.add(undo);
  await Promise.all([cleanups.run(), cleanups.run()]);
  await cleanups.run();
  expect(undo).toHaveBeenCalledTimes(1);
});

test('what is added while they run or afterwards is undone as well, in its turn', async () => {
  const undone: string[] = [];
  let goOn = () => {};
  const cleanups = new Cleanups();
  cleanups.add(async () => {
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    undone.push('early');
  });
  const run = cleanups.run();
  cleanups.add(() => undone.push('meanwhile'));
  goOn();
  await run;
  await expect.poll(() => undone).toEqual(['early', 'meanwhile']);
  cleanups.add(() => undone.push('late'));
  await expect.poll(() => undone).toEqual(['early', 'meanwhile', 'late']);
});
