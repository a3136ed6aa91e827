import { NoAnswerError } from '../time/no-answer-error.ts';

/** How long Redis is left alone after it failed. */
const PAUSE_MILLIS = 1_000;

class RedisPausedError extends Error {
  override name = 'RedisPausedError';
  constructor() {
    super('Redis did not answer a moment ago and is not asked again yet');
  }
}

/**
 * Whether Redis answers. While it does not, one operation a second tries it and all others fail at once:
 * ioredis would queue them, and every reader would wait for it.
 */
export class RedisHealth {
  readonly #limitMillis: number;
  readonly #onDown: (error: unknown) => void;
  readonly #onUp: () => void;
  #isDown = false;
  #isProbing = false;
  #retryAt = 0;
  #failures = 0;
  #downs = 0;

  constructor(limitMillis: number, on: { down: (error: unknown) => void; up: () => void }) {
    this.#limitMillis = limitMillis;
    this.#onDown = on.down;
    this.#onUp = on.up;
  }

  /** Operations that failed so far, those that were not tried included. */
  get failures(): number {
    return this.#failures;
  }

  /** How often Redis stopped answering. */
  get downs(): number {
    return this.#downs;
  }

  /** Whether an operation would fail at once. */
  get isPaused(): boolean {
    return this.#isDown && (this.#isProbing || performance.now() < this.#retryAt);
  }

  async run<T>(operation: () => Promise<T>): Promise<T> {
    if (this.isPaused) {
      this.#failures += 1;
      throw new RedisPausedError();
    }
    const isProbe = this.#isDown;
    if (isProbe) this.#isProbing = true;
    try {
      const result = await this.#limited(operation());
      if (isProbe) this.#up();
      return result;
    } catch (error) {
      this.#failures += 1;
      this.#down(error);
      throw error;
    } finally {
      if (isProbe) this.#isProbing = false;
    }
  }

  #up(): void {
    this.#isDown = false;
    this.#onUp();
  }

  #down(error: unknown): void {
    this.#retryAt = performance.now() + PAUSE_MILLIS;
    if (this.#isDown) return;
    this.#isDown = true;
    this.#downs += 1;
    this.#onDown(error);
  }

  #limited<T>(operation: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        // After a busy second of our own the answer may be here already, and read only now.
        setImmediate(() => reject(new NoAnswerError('Redis', this.#limitMillis)));
      }, this.#limitMillis);
      operation.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}
