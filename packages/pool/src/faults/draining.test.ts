import { expect, test } from 'vitest';
import { useFaultServer } from '../testing/faults/fault-server.ts';
import { testFaults } from '../testing/faults/matrix.ts';
import { STAGES } from '../testing/faults/stages.ts';

const openWorld = useFaultServer();

testFaults(STAGES.draining, openWorld);

test('idle connections that have gone silent do not keep end() past its timeout', async () => {
  await using world = await openWorld();
  await world.warmUp();
  world.proxy.halfOpen();
  world.end(200);
  await world.calls.settle();
  expect(world.found()).toEqual([]);
});
