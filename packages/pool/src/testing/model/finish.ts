import { fail, obey } from './commands/command.ts';
import { lawsOfLedger } from './laws/of-ledger.ts';
import { lawsOfStats } from './laws/of-stats.ts';
import type { PoolWorld } from './pool-world.ts';

/** Enough for everybody to be served one after the other. */
const MOST_ROUNDS = 400;
const STEP_MILLIS = 400;
/** Longer than any time-out, goodbye or back-off. */
const LONG_MILLIS = 12_000;

/**
 * The server answers everything, every login succeeds and every holder gives back: then everybody
 * has been served or refused, and the pool ends with nothing left behind.
 */
export async function finish(world: PoolWorld): Promise<void> {
  world.server.isStandby = false;
  for (let round = 0; hasWork(world); round++) {
    if (round > MOST_ROUNDS) fail(world, 'the pool does not come to rest');
    // Nothing to answer: a server that refused is left alone, or one does not answer a goodbye.
    if (canServe(world)) await serveAll(world);
    else await world.pass(100);
    obey(world);
  }
  if (world.isEnding) await serveUntilEnded(world);
  obey(world);
  const [lost] = world.callers.unsettled;
  if (lost) fail(world, `${lost.id} (${lost.kind}) never settled`);
  if (!world.isEnding) {
    world.violations.push(...lawsOfStats(world));
    world.end(Infinity);
  }
  await serveUntilEnded(world);
  // Timers that are no longer of use.
  await world.pass(LONG_MILLIS);
  world.violations.push(...lawsOfLedger(world));
  obey(world);
  const left = {
    timers: world.clock.timers,
    ended: world.endedTimes,
    open: world.server.open.length,
    warmUps: world.warmUps,
  };
  if (left.timers > 0 || left.ended !== 1 || left.open > 0 || left.warmUps > 0) {
    fail(world, `after its end the pool leaves ${JSON.stringify(left)}`);
  }
}

/** It ends when the server has said goodbye, or the time is over that it was given. */
async function serveUntilEnded(world: PoolWorld): Promise<void> {
  const end = world.now + LONG_MILLIS;
  while (world.now < end && world.endedTimes === 0) {
    await world.pass(STEP_MILLIS);
    while (canServe(world)) await serveAll(world);
  }
}

function hasWork(world: PoolWorld): boolean {
  return canServe(world) || world.callers.unsettled.length > 0;
}

function canServe({ server, heldByCallers, cancels }: PoolWorld): boolean {
  const isOwed = server.open.some(({ unanswered, state }) => unanswered > 0 || state !== 'ready');
  return isOwed || heldByCallers.length > 0 || cancels.underWay.length > 0;
}

/** One thing after the other, as it comes over one socket and then over another. */
async function serveAll(world: PoolWorld): Promise<void> {
  const { server } = world;
  for (const session of server.open) {
    // TCP has given it up.
    if (session.isSilent) await world.act(() => session.closeBy('reset'));
  }
  await world.act(() => {
    for (const session of server.open) {
      if (session.state !== 'ready') session.login('accepted');
      else session.answerAll();
    }
  });
  const { cancels } = world;
  const late = [...cancels.underWay];
  await world.act(() => {
    for (const request of late)
      if (!request.isSpent) cancels.deliver(request, 'last', false);
      else cancels.refuse(request);
  });
  await world.act(() => {
    for (const hold of world.heldByCallers) world.callers.release(hold);
  });
}
