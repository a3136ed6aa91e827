import type { WallClock } from '../time/wall-clock.ts';
import { within } from '../time/within.ts';

/** What a validation came to. `nothing`: no answer. `broken`: an error that is not the database's silence. */
export type Outcome<Value> =
  | { readonly kind: 'valid'; readonly value: Value }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'nothing'; readonly error: unknown }
  | { readonly kind: 'broken'; readonly error: unknown };

export type Answer<Value> = Extract<Outcome<Value>, { kind: 'valid' | 'invalid' }>;

/** One validation of a session, for all who check it meanwhile. */
export interface Validation<Value> {
  /** The session's fingerprint. */
  readonly key: string;
  readonly proof: string | undefined;
  readonly startedAt: number;
  readonly outcome: Promise<Outcome<Value>>;
  /** The session was revoked meanwhile: what it comes to is from before. */
  isOvertaken: boolean;
}

export interface ValidationPlan<Value> {
  readonly key: string;
  readonly proof: string | undefined;
  readonly ask: (signal: AbortSignal) => Promise<Value | null | undefined | false>;
  /** Called with each answer, also one that comes when nobody waits any more. */
  readonly answered: (validation: Validation<Value>, answer: Answer<Value>) => void;
}

export interface ValidationLimits {
  readonly timeoutMillis: number;
  readonly meansNoAnswer: (error: unknown) => boolean;
}

/** The validations under way: one for each session and proof. */
export class Validations<Value> {
  readonly #limits: ValidationLimits;
  readonly #clock: WallClock;
  /** The oldest first. */
  readonly #running = new Map<string, Validation<Value>>();

  constructor(limits: ValidationLimits, clock: WallClock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  get oldest(): Validation<Value> | undefined {
    const [oldest] = this.#running.values();
    return oldest;
  }

  get(key: string, proof: string | undefined): Validation<Value> | undefined {
    return this.#running.get(nameOf(key, proof));
  }

  /** Replaces one that is under way: whoever asks from now on waits for this one. */
  start(plan: ValidationPlan<Value>): Validation<Value> {
    const { key, proof } = plan;
    const name = nameOf(key, proof);
    const validation: Validation<Value> = {
      key,
      proof,
      startedAt: this.#clock.now(),
      isOvertaken: false,
      outcome: this.#run(plan, (answer) => plan.answered(validation, answer)).finally(() => {
        if (this.#running.get(name) === validation) this.#running.delete(name);
      }),
    };
    this.#running.delete(name);
    this.#running.set(name, validation);
    return validation;
  }

  overtake(key: string): void {
    for (const [name, validation] of this.#running) {
      if (validation.key !== key) continue;
      validation.isOvertaken = true;
      this.#running.delete(name);
    }
  }

  async #run(
    { ask }: ValidationPlan<Value>,
    answered: (answer: Answer<Value>) => void,
  ): Promise<Outcome<Value>> {
    const { timeoutMillis, meansNoAnswer } = this.#limits;
    const controller = new AbortController();
    const asking = (async () => {
      const value = await ask(controller.signal);
      const answer: Answer<Value> =
        value === null || value === undefined || value === false
          ? { kind: 'invalid' }
          : { kind: 'valid', value };
      answered(answer);
      return answer;
    })();
    try {
      return await within(timeoutMillis, 'the validation', asking, this.#clock);
    } catch (error) {
      controller.abort(error);
      return { kind: meansNoAnswer(error) ? 'nothing' : 'broken', error };
    }
  }
}

function nameOf(key: string, proof: string | undefined): string {
  return proof === undefined ? key : `${key} ${proof}`;
}
