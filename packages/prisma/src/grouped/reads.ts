import { notReached, notUnderstood, rowsChanged } from './failures.ts';
import type { GroupedRows } from './groups.ts';
import { type GroupedRequest, someValues } from './request.ts';
import { GROUP_COLUMN, groupStatement, type Statement } from './statement.ts';
import { writeValue } from './values.ts';

/** As much of a result as an adapter gives. */
interface ResultSet {
  columnNames: string[];
  columnTypes: unknown[];
  rows: unknown[][];
}

/** One call of `findManyGrouped`, or one statement for it: what is asked, and the groups of the rows that came. */
export interface GroupedRead {
  readonly request: GroupedRequest;
  groups: readonly number[] | undefined;
}

/** Offsets that nobody asks for: by them a call is known again in hooks. */
const FIRST_OF_CALLS = 1_500_000_000;
const CALLS = 500_000_000;
/** And by these its statement in the adapter. */
const FIRST_OF_STATEMENTS = 1_400_000_000;

/**
 * The grouped reads of a database that are under way. Where Prisma joins statements of a transaction it leaves
 * async context behind, so they are known by an offset of their own.
 */
export class GroupedReads {
  readonly #calls = new Map<number, GroupedRead>();
  readonly #statements = new Map<string, GroupedRead>();
  #count = 0;

  /** An offset to call `findMany` with. */
  nextOffset(): number {
    this.#count = (this.#count + 1) % CALLS;
    return FIRST_OF_CALLS + this.#count;
  }

  /** Runs `findMany` with this offset; the hook finds the call by it meanwhile. */
  async call(
    request: GroupedRequest,
    offset: number,
    findMany: () => PromiseLike<unknown[]>,
  ): Promise<GroupedRows> {
    const read: GroupedRead = { request, groups: undefined };
    this.#calls.set(offset, read);
    try {
      return withGroups(read, await findMany());
    } finally {
      this.#calls.delete(offset);
    }
  }

  /** The call that this operation is made for. */
  callOf(operation: string, args: unknown): GroupedRead | undefined {
    if (this.#calls.size === 0 || operation !== 'findMany') return undefined;
    return this.#calls.get((args as { skip?: number }).skip as number);
  }

  /** Runs `findMany` as one statement for all groups; more than once for a call, if it has to be. */
  async run(
    request: GroupedRequest,
    findMany: (skip: number) => PromiseLike<unknown>,
  ): Promise<GroupedRows> {
    if (someValues(request).length === 0) {
      const rows = (await findMany(request.skip)) as unknown[];
      return { rows, groups: rows.map(() => 0) };
    }
    const offset = this.#freeOffset();
    const read: GroupedRead = { request, groups: undefined };
    this.#statements.set(String(offset), read);
    try {
      return withGroups(read, (await findMany(offset)) as unknown[]);
    } finally {
      this.#statements.delete(String(offset));
    }
  }

  /** The lowest one: Prisma keeps a plan for each offset, and so there are no more than reads at once. */
  #freeOffset(): number {
    let offset = FIRST_OF_STATEMENTS;
    while (this.#statements.has(String(offset))) offset += 1;
    return offset;
  }

  /** A statement of Prisma's: when it is made for a call, then for all groups. */
  query<R extends ResultSet>(
    statement: Statement,
    run: (statement: Statement) => Promise<R>,
  ): Promise<R> {
    if (this.#statements.size === 0) return run(statement);
    const read = this.#statements.get(String(statement.args.at(-1)));
    return read ? this.#grouped(read, statement, run) : run(statement);
  }

  async #grouped<R extends ResultSet>(
    read: GroupedRead,
    statement: Statement,
    run: (statement: Statement) => Promise<R>,
  ): Promise<R> {
    const { field, values, skip } = read.request;
    const grouped = groupStatement(statement, {
      values: someValues(read.request).map((value) => writeValue(field, value)),
      hasNull: values.includes(null),
      isEnum: field.isEnum,
      skip,
    });
    if (!grouped) throw notUnderstood();
    const result = await run(grouped);
    read.groups = takeGroups(result);
    return result;
  }
}

function withGroups({ groups }: GroupedRead, rows: readonly unknown[]): GroupedRows {
  if (!groups) throw notReached();
  if (groups.length !== rows.length) throw rowsChanged(groups.length, rows.length);
  return { rows, groups };
}

/** Takes the last column, which Prisma knows nothing of, out of the result. */
function takeGroups({ columnNames, columnTypes, rows }: ResultSet): number[] {
  if (columnNames.pop() !== GROUP_COLUMN) throw notUnderstood();
  columnTypes.pop();
  return rows.map((row) => Number(row.pop()));
}
