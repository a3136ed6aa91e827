import { obey } from './commands.ts';
import { lawsOfStats } from './laws.ts';
import type { PoolWorld } from './pool-world.ts';

/** Enough for everybody to be served one after the other. */
const MOST_ROUNDS = 2_000;
const STEP_MILLIS = 400;
/** Longer than any time-out, goodbye or back-off. */
const LONG_MILLIS = 12_000;

/**
 * The server answers everything, every login succeeds and every holder gives back: then everybody
 * has been served or refused, and the pool ends with nothing left behind.
 */
export async function finish(world: PoolWorld): Promise<void> {
  for (let round = 0; hasWork(world); round++) {
    if (round > MOST_ROUNDS) throw new Error('the pool does not come to rest');
    // Nothing to answer: a server that refused is left alone, or one does not answer a goodbye.
    if (canServe(world)) await world.act(() => serveAll(world));
    else await world.pass(100);
    obey(world);
  }
  if (world.isEnding) await serveUntilEnded(world);
  obey(world);
  const lost = world.callers.calls.find(({ state }) => state !== 'settled');
  if (lost) throw new Error(`${lost.id} (${lost.kind}) never settled`);
  for (const [id, times] of world.server.executions) {
    if (times > 1 && id !== '0') throw new Error(`${id} ran ${times} times`);
  }
  if (!world.isEnding) {
    world.violations.push(...lawsOfStats(world));
    world.end(Infinity);
  }
  await serveUntilEnded(world);
  // Timers that are no longer of use.
  await world.pass(LONG_MILLIS);
  obey(world);
  const left = {
    timers: world.clock.timers,
    ended: world.endedTimes,
    open: world.server.open.length,
  };
  if (left.timers > 0 || left.ended !== 1 || left.open > 0) {
    throw new Error(`after its end the pool leaves ${JSON.stringify(left)}`);
  }
}

/** It ends when the server has said goodbye, or the time is over that it was given. */
async function serveUntilEnded(world: PoolWorld): Promise<void> {
  const end = world.clock.now() + LONG_MILLIS;
  while (world.clock.now() < end && world.endedTimes === 0) {
    await world.pass(STEP_MILLIS);
    while (canServe(world)) await world.act(() => serveAll(world));
  }
}

function hasWork(world: PoolWorld): boolean {
  return canServe(world) || world.callers.calls.some(({ state }) => state !== 'settled');
}

function canServe({ server, heldByCallers }: PoolWorld): boolean {
  const isOwed = server.open.some(({ unanswered, state }) => unanswered > 0 || state !== 'ready');
  return isOwed || heldByCallers.length > 0;
}

function serveAll(world: PoolWorld): void {
  for (const session of world.server.open) {
    if (session.state !== 'ready') session.login('accepted');
    else session.answerAll();
  }
  for (const hold of world.heldByCallers) world.callers.release(hold);
}
