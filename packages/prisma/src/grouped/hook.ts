import { settleArguments } from '../extension/arguments.ts';
import type { Around } from '../extension/innermost.ts';
import type { HookCall } from '../extension/layer.ts';
import type { GroupedRows } from './groups.ts';
import type { GroupedReads } from './reads.ts';

/**
 * Of `findManyGrouped` Prisma's hooks see a `findMany` for one group. Whoever runs inside of this one sees what
 * was called, and answers with rows and their groups.
 */
export function groupedHook(reads: GroupedReads, run: Around): Around {
  return (hook, isInnermost) => {
    const read = reads.callOf(hook.operation, hook.args);
    if (!read) return run(hook, isInnermost);
    const { request } = read;
    settleArguments(hook);
    const called: HookCall = {
      ...hook,
      operation: 'findManyGrouped',
      args: {
        ...(hook.args as object),
        by: request.field.name,
        in: request.values,
        skip: request.skip,
      },
      query: (args) => {
        const { by, in: values, ...rest } = args as Record<string, unknown>;
        return reads.run(request, (skip) => hook.query({ ...rest, skip }));
      },
    };
    return run(called, isInnermost).then((answer) => {
      const { rows, groups } = answer as GroupedRows;
      read.groups = groups;
      return rows;
    });
  };
}
