import {
  type Bus,
  type ListenClient,
  postgresBus,
  type Session,
  type SessionGuard,
  type SessionGuardOptions,
  sessionGuard,
} from '@lifeguard/guard';
import { OptionsError, type Pool, type PoolOptions } from '@lifeguard/pool';

export interface SessionOptions<S extends Session, Value>
  extends Omit<SessionGuardOptions<S, Value>, 'bus'> {
  /**
   * Tells all processes what was revoked. `postgres`: over LISTEN and NOTIFY, by one connection more, which
   * all session guards of the client share; or a bus of your own, which stays yours to close.
   */
  bus?: Bus | 'postgres';
}

/** A pool with the class and the options that its connections are made of, as pg-pool has them. */
interface PgPool {
  readonly Client: new (config: unknown) => PgClient;
  readonly options: { readonly password?: unknown };
}

interface PgClient extends ListenClient {
  connect(): Promise<unknown>;
  unref?(): void;
}

/** The session guards of one client. */
export class Sessions {
  readonly #pool: Pool;
  readonly #options: PoolOptions;
  readonly #guards: { close(): void }[] = [];
  #bus: Bus | undefined;

  constructor(pool: Pool, options: PoolOptions) {
    this.#pool = pool;
    this.#options = options;
  }

  /** @throws {OptionsError} when the bus can't work through what stands before the server. */
  open<S extends Session, Value>({
    bus,
    ...options
  }: SessionOptions<S, Value>): SessionGuard<S, Value> {
    const guard = sessionGuard<S, Value>({
      ...options,
      bus: bus === 'postgres' ? this.#ownBus() : bus,
    });
    this.#guards.push(guard);
    return guard;
  }

  async close(): Promise<void> {
    for (const guard of this.#guards) guard.close();
    await this.#bus?.close();
  }

  #ownBus(): Bus {
    if (this.#options.pooler !== 'none') {
      throw new OptionsError(
        'session.bus',
        "session({ bus: 'postgres' }) does not work through PgBouncer, which forgets who listens: give postgresBus({ connect }) with a direct connection, or redisBus(redis)",
      );
    }
    this.#bus ??= postgresBus({ connect: () => this.#connect() });
    return this.#bus;
  }

  /** Beside the pool: whoever listens needs a connection for good. */
  async #connect(): Promise<ListenClient> {
    const { Client, options } = this.#pool as unknown as PgPool;
    // The password is not enumerable.
    const client = new Client({
      ...options,
      password: options.password,
      connectionTimeoutMillis: this.#options.connectTimeoutMillis,
    });
    await client.connect();
    client.unref?.();
    return client;
  }
}
