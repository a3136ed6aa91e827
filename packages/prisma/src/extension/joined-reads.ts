import { type CallContext, currentContext } from '@lifeguard/pool';
import type { Call } from './layer.ts';
import type { Operation } from './operation.ts';

/** Those of one tick that have the same name; Prisma joins those of them that ask for the same fields. */
interface Group {
  readonly first: Operation;
  readonly context: CallContext | undefined;
  readonly table: string | undefined;
  isSent: boolean;
}

/** The `findUnique` calls of one tick, whosever requests they are of. */
export class Tick {
  readonly #groups = new Map<string, Group>();
  #deadline = -Infinity;

  add({ owner, model, client }: Call): void {
    const context = currentContext();
    this.#deadline = Math.max(this.#deadline, context?.deadline ?? Infinity);
    const group = this.#groups.get(owner.label);
    if (group) group.first.join(owner);
    else {
      const table = model === undefined ? undefined : client.models.tableOf(model);
      this.#groups.set(owner.label, { first: owner, context, table, isSent: false });
    }
  }

  /** In whose name a statement is sent that Prisma sends in the name of the tick's first. */
  contextOf(sql: string, current: CallContext): CallContext {
    const context = this.#senderOf(sql) ?? current;
    // Others still want what one of them has given up.
    const deadline = context.deadline ?? Infinity;
    return deadline === this.#deadline ? context : { ...context, deadline: this.#deadline };
  }

  /** The first statement of a group reads its model; those that load relations follow its answer. */
  #senderOf(sql: string): CallContext | undefined {
    const table = tableReadBy(sql);
    for (const group of this.#groups.values()) {
      if (group.isSent || group.table !== table) continue;
      group.isSent = true;
      return group.context;
    }
    return undefined;
  }
}

/**
 * Prisma joins the `findUnique` calls of one tick that ask for the same fields into one statement, and sends all that
 * come of the tick in the async context of the first. So the first knows the tick, and each statement is given
 * back to those who asked: a report names all places, and nobody's deadline ends what others wait for.
 */
export class JoinedReads {
  #tick: Tick | undefined;

  note(call: Call): void {
    if (!call.operation.startsWith('findUnique')) return;
    if (!this.#tick) {
      this.#tick = new Tick();
      process.nextTick(() => {
        this.#tick = undefined;
      });
    }
    call.owner.tick = this.#tick;
    this.#tick.add(call);
  }
}

/** `products` of `SELECT … FROM "public"."products" WHERE …`. */
function tableReadBy(sql: string): string | undefined {
  const from = sql.indexOf(' FROM "');
  return from < 0 ? undefined : TABLE.exec(sql.slice(from, from + LONGEST_TABLE))?.[1];
}

const TABLE = /^ FROM (?:"[^"]+"\.)?"([^"]+)"/;
/** Two names of 63 bytes, and what stands around them. */
const LONGEST_TABLE = 140;
