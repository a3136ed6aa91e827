/** Says that a pooler was found which the options do not name. */
type Warn = (message: string) => void;

/** Whether a pool prepares statements. It stops for good when they prove not to stay where they were made. */
export class Preparing {
  /** Statements prepared on a connection at once; 0: none. */
  capacity: number;
  readonly #warn: Warn;

  constructor(capacity: number, warn: Warn = warnOfProcess) {
    this.capacity = capacity;
    this.#warn = warn;
  }

  /** `why`: what was seen. Those that were prepared are of no use any more. */
  stop(why: string): void {
    if (this.capacity === 0) return;
    this.capacity = 0;
    this.#warn(
      `${why}: this pool prepares no more statements. Say pgbouncer=true in the address, or let the pooler keep them (PgBouncer 1.21 and later: max_prepared_statements = 200)`,
    );
  }
}

function warnOfProcess(message: string): void {
  process.emitWarning(message, { type: 'LifeguardWarning', code: 'LIFEGUARD_POOLER' });
}
