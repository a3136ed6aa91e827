import type { Owner, Pattern } from '@lifeguard/pool';
import type { Operation } from '../extension/operation.ts';
import { changing } from './changing.ts';
import { adviseRead } from './reads.ts';
import type { Schema } from './schema.ts';
import { adviseWrite } from './writes.ts';
import { written } from './written.ts';

/** A call that is repeated, and what is known of it. */
export interface RepeatedCall {
  readonly model: string;
  readonly operation: string;
  /** `prisma.product`, or `tx.product`. */
  readonly on: string;
  readonly calls: readonly unknown[];
  readonly pattern: Pattern;
  readonly schema: Schema | undefined;
  /** What was asked for before, which the loop may go over. */
  readonly after: { readonly model: string; readonly operation: string } | undefined;
}

/** Asked by the pool when a request repeats an operation: the call, and what to write in its place. */
export type Advise = NonNullable<Owner['advise']>;

/** `schema`: read only when there is something to say. */
export function adviser(schema: () => Schema | undefined): Advise {
  return (owners, pattern, after) => {
    const operations = owners as readonly Operation[];
    const last = operations.at(-1);
    if (!last?.operation) return undefined;
    const { model, operation, isInTransaction } = last;
    const client = isInTransaction ? 'tx' : 'prisma';
    if (!model) return { call: `${client}.${operation}`, rewrite: undefined };
    const on = `${client}.${model.charAt(0).toLowerCase()}${model.slice(1)}`;
    const call = `${on}.${operation}(${last.args === undefined ? '' : written(last.args)})`;
    const calls = operations.filter((one) => one?.operation === operation).map(({ args }) => args);
    const before =
      after?.model && after.operation
        ? { model: after.model, operation: after.operation }
        : undefined;
    const repeated: RepeatedCall = {
      model,
      operation,
      on,
      calls,
      pattern,
      schema: schema(),
      after: before,
    };
    return { call, rewrite: rewriteOf(repeated) };
  };
}

function rewriteOf(call: RepeatedCall): string | undefined {
  // One call shows nothing of what changes from one to the next.
  if (call.calls.length < 2) return undefined;
  const paths = changing(call.calls);
  if (!paths) return undefined;
  return adviseRead(call, paths) ?? adviseWrite(call, paths);
}
