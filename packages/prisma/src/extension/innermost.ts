import type { ExtensibleClient } from './client.ts';
import type { HookCall } from './layer.ts';

/** Prisma calls its hooks on the list of them. */
type Hook = (this: unknown, call: HookCall) => Promise<unknown>;

/** What is done for an operation of a client. `isInnermost`: nobody's hook comes between us and Prisma. */
export type Around = (call: HookCall, isInnermost: boolean) => Promise<unknown>;

/** As `$extends` takes it. */
interface Members {
  readonly model: object;
  readonly client: object;
}

/**
 * Extends a client so that our hook stays next to Prisma. Hooks run in the order in which extensions are applied:
 * one applied after ours would change what is asked behind our back, and what is kept for one tenant would be given
 * to another. So whenever the client is extended once more, so is our hook, and of its copies only the last acts.
 *
 * @param aroundOf makes what is done for the operations of a client.
 */
export function extendInnermost(
  client: ExtensibleClient,
  { model, client: own }: Members,
  aroundOf: (client: ExtensibleClient) => Around,
): ExtensibleClient {
  const { $extends } = client;
  const copies = new WeakSet<Hook>();
  const hooked = (extended: ExtensibleClient) => {
    const around = aroundOf(extended);
    const hook: Hook = function (call) {
      takeOriginals(call);
      // Should a version of Prisma not tell, we don't know what comes behind us.
      if (!Array.isArray(this)) return around(call, false);
      const last = this.findLast((other) => copies.has(other));
      return last === hook ? around(call, this.at(-1) === hook) : call.query(call.args);
    };
    copies.add(hook);
    return $extends.call(extended, { name: 'lifeguard', query: { $allOperations: hook } });
  };
  function extendAgain(this: ExtensibleClient, extension: unknown): unknown {
    return typeof extension === 'function'
      ? extension(this)
      : hooked($extends.call(this, extension as object));
  }
  const members = { model, client: { ...own, $extends: extendAgain } };
  return hooked($extends.call(client, { name: 'lifeguard', ...members }));
}

/**
 * Gives a call the arguments that it was made with. Prisma shows hooks a copy, in which values are lost that say
 * by `toJSON` what they are: of `{ id: userId }` it makes `{ id: {} }`, which every row matches.
 */
function takeOriginals(call: HookCall): void {
  const { model, __internalParams } = call;
  if (model === undefined || __internalParams?.args === undefined) return;
  call.copy = call.args;
  call.args = __internalParams.args;
}
