import { type Clock, systemClock } from '../clock.ts';
import { remainingMillis } from '../deadline/deadline.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import type { Diagnosis } from '../diagnose/types.ts';
import { follow } from '../follow.ts';
import { harmless } from '../listener.ts';
import { readNumbers } from '../numbers.ts';
import { BREAKER_NUMBERS } from './breaker-defaults.ts';
import type { BreakerEvent, BreakerStatus } from './breaker-events.ts';
import { BreakerOpenError } from './breaker-open-error.ts';
import { type Change, Circuit, type Pass } from './circuit.ts';
import { Line } from './line.ts';
import type { Outage } from './track-record.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export interface BreakerOptions {
  /** Of the calls in the window, how many may fail before it opens. Default 0.5. */
  readonly failureRatio?: number | undefined;
  /** How far back the ratio looks. Default 1 000 ms, so that an outage shows within half a second. */
  readonly windowMillis?: number | undefined;
  /** Calls in the window below which the ratio says nothing. Default 10. */
  readonly minimumCalls?: number | undefined;
  /** Connection-level failures in a row that open it, whatever the traffic. Default 5. */
  readonly consecutive?: number | undefined;
  /** How long it refuses everybody at first; half of it is jitter, and it doubles. Default 100 ms. */
  readonly openMillis?: number | undefined;
  /** How long at most. Default 250 ms. */
  readonly maxOpenMillis?: number | undefined;
  /** Calls let through at once while half-open. Default 1. */
  readonly probes?: number | undefined;
  /** How long others wait for the answer of a probe; then it counts as hanging, and another is sent. Default 750 ms. */
  readonly probeMillis?: number | undefined;
  /** How long the return takes, with a rising share let through; no longer than the outage was. Default 300 ms. */
  readonly rampMillis?: number | undefined;
  readonly onEvent?: ((event: BreakerEvent) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** In [0, 1); default Math.random. */
  readonly random?: (() => number) | undefined;
}

export interface Breaker {
  /**
   * Runs `fn`, unless the database could not be reached a moment ago. While a probe finds out whether it can be
   * again, it waits for the answer, no longer than the {@link deadline} around the call.
   *
   * @throws BreakerOpenError when it refuses; else what `fn` throws.
   */
  run<T>(fn: () => PromiseLike<T>, options?: BreakerRunOptions): Promise<T>;
  /**
   * The same for who sees by itself how the call ends, and says so once. A promise when it has to wait.
   *
   * @throws BreakerOpenError when it refuses.
   */
  enter(options?: BreakerRunOptions): Passage | Promise<Passage>;
  status(): BreakerStatus;
}

/** A call that was let through. */
export interface Passage {
  succeeded(): void;
  failed(error: unknown): void;
}

/** One call. */
export interface BreakerRunOptions {
  /** How events call it. */
  readonly label?: string | undefined;
  /**
   * That it waited for a connection in vain says nothing of the database: it needs one to itself, and who needs
   * less may well be served. Default false.
   */
  readonly ignoresWaits?: boolean | undefined;
  /** How long it waits for the answer to a probe at most; 0: it is refused at once. Default: as long as that takes. */
  readonly waitMillis?: number | undefined;
  /**
   * Whether a failure is of this database; default: each is. What else `fn` does, such as asking another service,
   * may fail as well, and says nothing of it.
   */
  readonly isOfDatabase?: ((error: unknown) => boolean) | undefined;
}

/**
 * Makes a breaker: it spares callers the wait for a database that is not there, and the database the
 * crowd when it comes back.
 *
 * It opens for failures of the connection and for waits for one that ended in vain, never for the
 * application's own errors, slow statements or what the pool sheds. One for each server.
 */
export function breaker(options: BreakerOptions = {}): Breaker {
  return new CircuitBreaker(options);
}

class CircuitBreaker implements Breaker {
  readonly #clock: Clock;
  readonly #circuit: Circuit;
  readonly #line: Line;
  readonly #onEvent: (event: BreakerEvent) => void;
  #lastFailure: Diagnosis | undefined;
  #reason = '';
  #openings = 0;
  #refused = 0;

  constructor(options: BreakerOptions) {
    const { clock = systemClock, random = Math.random, onEvent } = options;
    const limits = readNumbers(options, BREAKER_NUMBERS);
    this.#clock = clock;
    this.#onEvent = harmless(onEvent);
    this.#circuit = new Circuit(limits, random, (change) => this.#changed(change));
    this.#line = new Line(this.#circuit, clock);
  }

  run<T>(fn: () => PromiseLike<T>, options: BreakerRunOptions = {}): Promise<T> {
    let entered: Passage | Promise<Passage>;
    try {
      entered = this.enter(options);
    } catch (error) {
      return Promise.reject(error);
    }
    return entered instanceof Promise
      ? entered.then((passage) => this.#run(fn, passage))
      : this.#run(fn, entered);
  }

  #run<T>(fn: () => PromiseLike<T>, passage: Passage): Promise<T> {
    return follow(
      fn,
      (value) => {
        passage.succeeded();
        return value;
      },
      (error) => {
        passage.failed(error);
        throw error;
      },
    );
  }

  enter(options: BreakerRunOptions = {}): Passage | Promise<Passage> {
    const pass = this.#circuit.admit(this.#clock.now());
    if (pass) return this.#passage(pass, options);
    const patience = Math.min(options.waitMillis ?? Infinity, remainingMillis());
    if (patience <= 0 || !this.#line.isOpen) throw this.#refuse(options.label);
    return this.#line.wait(patience).then((late) => {
      if (!late) throw this.#refuse(options.label);
      return this.#passage(late, options);
    });
  }

  #passage(pass: Pass, options: BreakerRunOptions): Passage {
    return {
      succeeded: () => this.#settle(pass, 'alive'),
      failed: (error) => this.#failed(pass, error, options),
    };
  }

  #settle(pass: Pass, verdict: Verdict): void {
    this.#circuit.settle(pass, verdict, this.#clock.now());
    this.#line.callEnded();
  }

  #failed(pass: Pass, error: unknown, options: BreakerRunOptions): void {
    const { ignoresWaits, isOfDatabase } = options;
    if (isOfDatabase && !isOfDatabase(error)) {
      this.#settle(pass, 'nothing');
      return;
    }
    const diagnosis = diagnose(error);
    const found = verdictOf(diagnosis);
    // Whoever has no more time would not have been served sooner by a better database.
    const isImpatient = found === 'slow' && (ignoresWaits || remainingMillis() === 0);
    const verdict = isImpatient ? 'nothing' : found;
    if (verdict === 'lost' || verdict === 'slow') this.#lastFailure = diagnosis;
    this.#settle(pass, verdict);
  }

  status(): BreakerStatus {
    const now = this.#clock.now();
    const state = this.#circuit.state(now);
    const refused = this.#refused;
    if (state === 'closed') return { state, retryAfterMillis: 0, refused };
    const retryAfterMillis = this.#circuit.retryAfterMillis(now);
    return { state, since: this.#since(), reason: this.#reason, retryAfterMillis, refused };
  }

  #refuse(label: string | undefined): BreakerOpenError {
    const now = this.#clock.now();
    const state = this.#circuit.state(now);
    if (state === 'closed') throw new Error('a closed breaker refuses nobody');
    this.#refused++;
    const retryAfterMillis = this.#circuit.retryAfterMillis(now);
    this.#onEvent({
      type: 'refused',
      ...(label !== undefined && { label }),
      state,
      retryAfterMillis,
    });
    return new BreakerOpenError({
      state,
      since: this.#since(),
      reason: this.#reason,
      retryAfterMillis,
      failure: this.#lastFailure?.kind,
    });
  }

  #since(): Date {
    return new Date(Date.now() - (this.#clock.now() - this.#circuit.openedAt));
  }

  #changed(change: Change): void {
    switch (change.to) {
      case 'open':
        this.#reason = reasonFor(change.outage, this.#lastFailure);
        this.#onEvent({
          type: 'breaker-open',
          since: this.#since(),
          reason: this.#reason,
          retryAfterMillis: change.openMillis,
          isFirst: this.#openings++ === 0,
        });
        return;
      case 'half-open':
      case 'returning':
        this.#onEvent({ type: `breaker-${change.to}` });
        return;
      case 'closed':
        this.#openings = 0;
        this.#onEvent({ type: 'breaker-closed', outageMillis: change.outageMillis });
    }
  }
}

/** Only the guard's own words and the code: an error's text may hold what is not the next caller's. */
function reasonFor(outage: Outage | undefined, failure: Diagnosis | undefined): string {
  const what = {
    consecutive: `${outage?.failures} failures in a row`,
    ratio: `${outage?.failures} of the last ${outage?.calls} calls failed`,
    probe: 'a probe failed',
  }[outage?.rule ?? 'probe'];
  if (!failure) return what;
  const { kind, code } = failure;
  return `${what}; the last: ${kind}${code === undefined ? '' : `, ${code}`}`;
}
