import type pg from 'pg';
import { PoolOverloadedError, PoolTimeoutError } from '../../errors/index.ts';
import { type Call, type StatementKind, textOf, valuesOf } from './call.ts';
import type { Hold } from './client-view.ts';
import { lawsOfAnswer, lawsOfRefusal, type Refusal } from './outcome.ts';
import type { PoolWorld } from './pool-world.ts';

/** No two calls come at the very same moment, whatever the clock of a machine says. */
const TICK_MILLIS = 0.001;

type Settle = (error: Error | undefined, result?: unknown) => void;

/** Those who use the pool: they ask, they hold connections, and they hear what came of it. */
export class Callers {
  readonly calls: Call[] = [];
  readonly #world: PoolWorld;

  constructor(world: PoolWorld) {
    this.#world = world;
  }

  get waiting(): Call[] {
    return this.calls.filter(({ state }) => state === 'waiting');
  }

  query(kind: StatementKind): void {
    const { core } = this.#world;
    const call = this.#newCall(kind);
    const config = { text: call.profile?.text ?? '', values: valuesOf(kind, call.id) };
    core.query(config, core.profiles.of(config.text), this.#settleTo(call));
    this.#entered(call);
  }

  checkout(): void {
    const call = this.#newCall('checkout');
    this.#world.core.checkout((error, client) => {
      this.#settled(call, error, call.id);
      if (client) this.#world.lent(call, client);
    });
    this.#entered(call);
  }

  /** What the shell does with a statement that needs a session to itself. */
  session(): void {
    const call = this.#newCall('session');
    const settle = this.#settleTo(call);
    this.#world.core.checkout((error, client) => {
      if (error || !client) {
        settle(error);
        return;
      }
      call.state = 'under way';
      const hold = this.#world.lent(call, client);
      this.#sends(hold, textOf('literal', call.id), (queryError, result) => {
        this.release(hold);
        settle(queryError, result);
      });
    });
    this.#entered(call);
  }

  statement(hold: Hold, fails: boolean): void {
    const call = this.#newCall(fails ? 'failing' : 'literal');
    call.state = 'under way';
    const text = `${textOf('literal', call.id)}${fails ? ' WHERE fails' : ''}`;
    this.#sends(hold, text, this.#settleTo(call));
  }

  command(hold: Hold, text: 'BEGIN' | 'COMMIT' | 'ROLLBACK'): void {
    this.#sends(hold, text, () => {});
  }

  release(hold: Hold, error?: Error): void {
    hold.view.hold = undefined;
    this.#world.counts.released++;
    hold.release(error);
  }

  #newCall(kind: Call['kind']): Call {
    const { clock, core, options } = this.#world;
    clock.advance(TICK_MILLIS);
    const id = `${this.calls.length + 1}`;
    const isStatement = kind !== 'checkout' && kind !== 'session';
    const call: Call = {
      id,
      kind,
      profile: isStatement ? core.profiles.of(textOf(kind, id)) : undefined,
      deadline: clock.now() + (options.connectionTimeoutMillis || Infinity),
      state: 'waiting',
      overtaken: 0,
    };
    this.calls.push(call);
    return call;
  }

  /** One that the pool does not have now was refused at once, and hears of it in a moment. */
  #entered(call: Call): void {
    if (this.#world.core.pending < this.waiting.length) call.state = 'refused';
  }

  #sends({ view }: Hold, text: string, settle: Settle): void {
    view.wire.push({ by: 'holder' });
    view.client.query(text, undefined, settle);
  }

  #settleTo(call: Call): Settle {
    return (error, result) =>
      this.#settled(call, error, (result as pg.QueryResult | undefined)?.rows[0]?.id);
  }

  #settled(call: Call, error: Refusal | undefined, answer: unknown): void {
    const world = this.#world;
    if (call.state === 'settled') world.violations.push(`${call.id} settled twice`);
    world.violations.push(
      ...(error ? lawsOfRefusal(world, call, error) : lawsOfAnswer(world, call, answer)),
    );
    if (error instanceof PoolTimeoutError) world.counts.timeouts++;
    if (error instanceof PoolOverloadedError) world.counts.shed++;
    call.state = 'settled';
  }
}
