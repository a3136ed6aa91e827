import type { Operation } from './operation.ts';

/**
 * Prisma joins the `findUnique` calls of one tick that ask for the same fields into one statement, and sends all that
 * come of the tick in the name of the first, whosever requests they are of. The first is told of the others of its
 * model, so that a report can name all places.
 */
export class JoinedReads {
  #firsts: Map<string, Operation> | undefined;

  note(operation: Operation): void {
    if (!operation.operation.startsWith('findUnique')) return;
    if (!this.#firsts) {
      this.#firsts = new Map();
      process.nextTick(() => {
        this.#firsts = undefined;
      });
    }
    const first = this.#firsts.get(operation.label);
    if (first) first.join(operation);
    else this.#firsts.set(operation.label, operation);
  }
}
