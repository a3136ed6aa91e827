import type { Clock } from '../clock.ts';
import type { Circuit, Pass } from './circuit.ts';

/** Who comes when so many wait is refused: what is kept of each, an outage must not pile up. */
const MOST_WAITING = 1_000;
/** Of those who wait in the return, how many take the place of a call that has ended: so they come back twofold. */
const FOR_EACH_ENDED = 2;

type Told = (pass: Pass | undefined) => void;

/**
 * The callers that a circuit did not let through and that wait, the first one first: for the answer to a probe, and
 * then for their turn in the return, which comes the faster the faster the database answers.
 */
export class Line {
  readonly #circuit: Circuit;
  readonly #clock: Clock;
  readonly #waiting = new Set<Told>();

  constructor(circuit: Circuit, clock: Clock) {
    this.#circuit = circuit;
    this.#clock = clock;
  }

  /** Whether it is worth waiting now. */
  get isOpen(): boolean {
    if (this.#waiting.size >= MOST_WAITING) return false;
    return this.#circuit.worthWaitingMillis(this.#clock.now()) > 0;
  }

  /** Resolves with a pass; with undefined when it is not worth waiting any longer, or after `atMostMillis`. */
  wait(atMostMillis: number): Promise<Pass | undefined> {
    const until = this.#clock.now() + atMostMillis;
    return new Promise((resolve) => {
      let cancel = () => {};
      const told: Told = (pass) => {
        cancel();
        this.#waiting.delete(told);
        resolve(pass);
      };
      const waitOn = () => {
        const now = this.#clock.now();
        const millis = Math.min(this.#circuit.worthWaitingMillis(now), until - now);
        if (millis <= 0) told(this.#circuit.admit(now));
        else cancel = this.#clock.after(millis, waitOn);
      };
      this.#waiting.add(told);
      waitOn();
    });
  }

  /** A call that was let through has ended: looks what that means for those who wait. */
  callEnded(): void {
    if (this.#waiting.size === 0) return;
    const now = this.#clock.now();
    const state = this.#circuit.state(now);
    const most = { open: Infinity, closed: Infinity, returning: FOR_EACH_ENDED, 'half-open': 1 };
    let count = 0;
    for (const told of this.#waiting) {
      if (count++ >= most[state]) return;
      const pass = this.#circuit.admitWaiting(now);
      // A call from before may end while the probe is still under way.
      if (!pass && state !== 'open') return;
      told(pass);
    }
  }
}
