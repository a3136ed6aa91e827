import type { CallSite } from './call-site.ts';

/** How a request repeats a statement: all at once (`Promise.all`), or one after the other (a loop). */
export type Pattern = 'at-once' | 'in-turn';

/** What to write in place of many calls. */
export interface Advice {
  /** The call as it is repeated, without values. */
  readonly call: string;
  /** What to write, in the application's own names; undefined where nothing is certain to be right. */
  readonly rewrite: string | undefined;
}

/** Who asked: a Prisma model and operation, a label of the application's, or a route. */
export interface Owner {
  /** How reports call it, such as `Product.findMany`. Never holds parameters. */
  readonly label: string;
  readonly model?: string | undefined;
  readonly operation?: string | undefined;
  /** Where the application called it; made a text of only when somebody reads it. */
  readonly site?: CallSite | undefined;
  /**
   * Told how long each of its statements and checkouts has waited in the pool and been at the server;
   * `isPart`: it is a statement in another owner's checkout, which is told of the whole. Whoever has it tells of slow
   * operations by itself.
   */
  spent?(waitMillis: number, serverMillis: number, isPart?: boolean): void;
  /** Others in whose name it sends as well, such as calls that were joined with its own. */
  joined?(): readonly Owner[];
  /** It stands for one call alone: what else is sent in its name is no further call. */
  readonly isCall?: boolean | undefined;
  /**
   * Asked when a request repeats calls like this one. `calls`: the latest of them, this one last; `after`: who
   * asked for something else before the first.
   */
  advise?:
    | ((
        calls: readonly (Owner | undefined)[],
        pattern: Pattern,
        after: Owner | undefined,
      ) => Advice | undefined)
    | undefined;
}
