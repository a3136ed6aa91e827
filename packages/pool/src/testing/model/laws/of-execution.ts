/** What has to hold when a statement takes effect on the server. */
import type { FakeBackend } from '../../fake-backend.ts';
import type { Call } from '../call.ts';
import type { PoolWorld } from '../pool-world.ts';
import { broken } from './broken.ts';

export function lawsOfExecution(world: PoolWorld, id: string, backend: FakeBackend): string[] {
  const call = world.callers.find(id);
  // The application's own greeting.
  if (!call) return [];
  call.ranIn = backend.transaction;
  const setter = backend.settings && world.callers.find(backend.settings);
  const isOthersSetting = setter && setter.hold !== call.hold;
  return broken({
    [`${id} ran twice`]: (world.server.executions.get(id) ?? 0) > 1,
    [`${id} ran with the settings of ${backend.settings}`]: Boolean(isOthersSetting),
    ...(call.transaction ? lawsWithin(world, call) : lawsOutside(call)),
  });
}

/** Said in a transaction, it runs in that one, and in no other. */
function lawsWithin({ server }: PoolWorld, call: Call): Record<string, boolean> {
  const { transaction: said, ranIn: served, id, kind } = call;
  // How it ends is looked at when its holder hears of it.
  if (!said || ENDS.has(kind)) return {};
  if (!served) {
    if (!said.isRefused) said.ranOutside ??= call;
    const isAcknowledged = said.begin.isSettled && !said.begin.error;
    return { [`${id} ran outside of its transaction`]: isAcknowledged };
  }
  const before = said.served;
  said.served ??= served;
  served.owner ??= said;
  const hasFailed = ({ id: other }: Call) => server.errors.has(other);
  const modes = said.modesOf(call, hasFailed).join();
  return {
    [`${id} ran in another's transaction`]: served.owner !== said,
    [`${id} ran in another transaction than those before`]:
      before !== undefined && before !== served,
    [`${id} ran in modes ${served.modes.join()}, not ${modes}`]:
      !said.isVoid(hasFailed) && !call.hold?.mayHaveBegun && served.modes.join() !== modes,
  };
}

function lawsOutside({ id, kind, profile, ranIn, hold }: Call): Record<string, boolean> {
  // What follows a BEGIN that got on the shared lane runs in it, and is never acknowledged.
  const isRogues = profile !== undefined && ranIn?.owner === undefined;
  return {
    [`${id} ran in a transaction`]:
      ranIn !== undefined && !ENDS.has(kind) && !isRogues && !hold?.mayHaveBegun,
  };
}

const ENDS = new Set<string>(['commit', 'rollback', 'commit and chain']);
