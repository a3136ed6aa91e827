import { expect, test } from 'vitest';
import { withDeadline } from '../index.ts';
import { useFaultServer } from '../testing/faults/fault-server.ts';
import { testFaults } from '../testing/faults/matrix.ts';
import { STAGES } from '../testing/faults/stages.ts';
import { MAX } from '../testing/faults/terms.ts';
import { CopyOut, converse } from '../testing/torture/submittables.ts';

const openWorld = useFaultServer();

testFaults(STAGES.checkout, openWorld);

/** All connections are lent, and one of those who wait begins behind the COMMIT of the first holder. */
async function commitBeforeOthers(holders = MAX) {
  const world = await openWorld();
  const { pool } = world;
  const [first, ...others] = await Promise.all(
    Array.from({ length: holders }, () => pool.connect()),
  );
  if (!first) throw new Error('nobody holds a connection');
  await first.query('BEGIN');
  await first.query('SELECT 1');
  return { world, first, others, next: pool.connect() };
}

test('a holder with others behind its COMMIT hears of the loss, then and later', async () => {
  const { world, first, others, next } = await commitBeforeOthers();
  await using _ = world;
  const { calls, proxy } = world;
  proxy.halfOpen();
  const commit = first.query('COMMIT');
  await next;
  proxy.reset();
  await expect(commit).rejects.toMatchObject({ code: 'ECONNRESET' });
  calls.flow(() => calls.track('ROLLBACK', performance.now(), first.query('ROLLBACK')));
  await calls.settle();
  expect(world.found()).toEqual([]);
  expect(calls.all.at(-1)?.error).toBeInstanceOf(Error);
  for (const client of [first, await next, ...others]) client.release();
});

test('a holder with others behind its COMMIT is told at its deadline', async () => {
  const { world, first, others, next } = await commitBeforeOthers();
  await using _ = world;
  const { calls, proxy } = world;
  proxy.halfOpen();
  calls.flow(() => {
    const commit = withDeadline(200, () => first.query('COMMIT'));
    return calls.track('COMMIT', performance.now() + 200, commit);
  });
  await calls.settle();
  expect(world.found()).toEqual([]);
  for (const client of [first, await next, ...others]) client.release();
});

test('a COPY behind a COMMIT hears of the loss', async () => {
  const { world, first, others, next } = await commitBeforeOthers();
  await using _ = world;
  world.proxy.halfOpen();
  const commit = first.query('COMMIT');
  const copier = await next;
  const copied = converse(copier, new CopyOut('COPY (SELECT 1) TO STDOUT'));
  world.proxy.reset();
  await expect(commit).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(copied).rejects.toThrow(/connection|ECONNRESET/);
  for (const client of [first, copier, ...others]) client.release();
});
