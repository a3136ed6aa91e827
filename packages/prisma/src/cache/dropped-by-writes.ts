import type { Layer } from '../extension/layer.ts';
import { isRead } from '../extension/reads.ts';
import { dropAfterCommit, dropping } from './after-commit.ts';
import type { ClientCache } from './client-cache.ts';

/** Drops the answers that a write makes old: when it is done, or when its transaction is committed. */
export function droppedByWrites(cache: ClientCache): Layer {
  return (call, next) => {
    const { model, operation, args, client, transaction } = call;
    if (!cache.dropsOnWrite || !model || isRead(call)) return next(call);
    const tags = cache.tagsOfWrite(client.models.written(model, operation, args));
    if (transaction && dropAfterCommit(tags)) return next(call);
    return dropping(
      () => cache.drop(tags),
      () => next(call),
    );
  };
}
