import { Failures } from '../cache/failures.ts';
import { isOutage } from '../cache/outage.ts';
import { harmless } from '../listener.ts';
import { NoAnswerError } from '../time/no-answer-error.ts';
import { type WallClock, wallClock } from '../time/wall-clock.ts';
import { within } from '../time/within.ts';
import { Announcer } from './announcer.ts';
import { fingerprint } from './fingerprint.ts';
import { type Facts, mayKeep, nextStep } from './judge.ts';
import { SessionMemory } from './memory.ts';
import { type Settings, settingsOf } from './options.ts';
import { Revocations } from './revocations.ts';
import { PATIENCE_MILLIS, Silence } from './silence.ts';
import type {
  CheckOptions,
  RefusalReason,
  Session,
  SessionGuard,
  SessionGuardOptions,
  SessionGuardStats,
  SessionProblem,
  SessionState,
  SessionVerdict,
} from './types.ts';
import { type Answer, type Outcome, type Validation, Validations } from './validations.ts';

/** How long a revocation is remembered, at least. */
const REVOKED_MILLIS = 86_400_000;
/** A token from a process whose clock is further ahead says nothing. */
const MAX_SKEW_MILLIS = 60_000;

/**
 * Checks sessions without asking the database at every request: at most once in `every` for each, and once
 * more before its token expires. When the database gives no answer, a session goes on from its last validation
 * until `maxStale`.
 *
 * @throws RangeError when an option is out of its range.
 */
export function sessionGuard<S extends Session = Session, Value = unknown>(
  options: SessionGuardOptions<S, Value>,
): SessionGuard<S, Value> {
  return new Guard(options, wallClock);
}

/** One check. */
interface Visit<S extends Session> {
  readonly session: S;
  /** Its id's fingerprint, by which it is known here. */
  readonly key: string;
  readonly fresh: boolean;
}

/** `sessionGuard` by a clock of one's own. */
export class Guard<S extends Session, Value> implements SessionGuard<S, Value> {
  readonly #options: SessionGuardOptions<S, Value>;
  readonly #settings: Settings;
  readonly #onProblem: (problem: SessionProblem) => void;
  readonly #clock: WallClock;
  readonly #memory: SessionMemory<Value>;
  readonly #revocations: Revocations;
  readonly #validations: Validations<Value>;
  readonly #failures: Failures;
  readonly #silence: Silence;
  readonly #announcer: Announcer | undefined;
  readonly #counts = { validations: 0, failedValidations: 0, recent: 0, stale: 0, refused: 0 };
  #missedUntil = Number.NEGATIVE_INFINITY;

  constructor(options: SessionGuardOptions<S, Value>, clock: WallClock) {
    this.#options = options;
    this.#settings = settingsOf(options);
    this.#onProblem = harmless(options.onProblem);
    this.#clock = clock;
    const { maxSessions, maxStaleMillis, timeoutMillis, channel } = this.#settings;
    this.#memory = new SessionMemory(maxSessions);
    this.#revocations = new Revocations(Math.max(REVOKED_MILLIS, maxStaleMillis));
    const isSilence = options.isOutage ?? isOutage;
    const meansNoAnswer = (error: unknown) => error instanceof NoAnswerError || isSilence(error);
    this.#validations = new Validations({ timeoutMillis, meansNoAnswer }, clock);
    this.#failures = new Failures(clock);
    this.#silence = new Silence(clock);
    this.#announcer =
      options.bus &&
      new Announcer(options.bus, channel, clock, {
        revoked: (key, at) => this.#revoke(key, at),
        missed: () => {
          this.#missedUntil = clock.now();
        },
        failed: (error) => this.#onProblem({ kind: 'not-told', error }),
      });
  }

  get ready(): Promise<void> {
    return this.#announcer?.ready ?? Promise.resolve();
  }

  async check(session: S, { fresh = false }: CheckOptions = {}): Promise<SessionVerdict<Value>> {
    const visit: Visit<S> = { session, key: fingerprint(session.id), fresh };
    const facts = this.#factsOf(visit);
    const step = nextStep(facts, this.#settings);
    if (step === 'recent') return this.#accept(visit, facts, 'recent');
    if (step !== 'validate') return this.#refuse(step);
    if (mayKeep(facts, this.#settings)) return this.#validateOrKeep(visit, facts);
    return this.#validate(visit);
  }

  async revoke(id: string): Promise<boolean> {
    const at = this.#clock.now();
    const key = fingerprint(id);
    this.#revoke(key, at);
    return (await this.#announcer?.tell(key, at)) ?? true;
  }

  stats(): SessionGuardStats {
    return { ...this.#counts, sessions: this.#memory.size, revoked: this.#revocations.size };
  }

  close(): void {
    this.#announcer?.close();
  }

  /** Nothing to fall back on: waits for the answer, but not again right after there was none. */
  async #validate(visit: Visit<S>): Promise<SessionVerdict<Value>> {
    const { key, session, fresh } = visit;
    const running = fresh ? undefined : this.#validations.get(key, session.proof);
    if (!running && this.#failures.isPausing(key)) return this.#refuse('unavailable');
    const validation = running ?? this.#start(visit);
    return this.#conclude(visit, validation, await validation.outcome);
  }

  /** Who starts a validation waits for its answer; once any is hanging, nobody else waits. */
  async #validateOrKeep(visit: Visit<S>, facts: Facts): Promise<SessionVerdict<Value>> {
    const running = this.#validations.get(visit.key, visit.session.proof);
    if (this.#silence.isOn(this.#validations.oldest?.startedAt)) {
      if (!running && this.#silence.mayProbe()) this.#start(visit);
      return this.#accept(visit, facts, 'stale');
    }
    const validation = running ?? this.#start(visit);
    const patience = running && Math.max(0, running.startedAt + PATIENCE_MILLIS - facts.now);
    return this.#conclude(visit, validation, await this.#outcomeOf(validation, patience));
  }

  async #outcomeOf(
    { outcome }: Validation<Value>,
    patience: number | undefined,
  ): Promise<Outcome<Value>> {
    if (patience === undefined) return outcome;
    try {
      return await within(patience, 'the validation', outcome, this.#clock);
    } catch (error) {
      return { kind: 'nothing', error };
    }
  }

  #start({ key, session }: Visit<S>): Validation<Value> {
    this.#counts.validations += 1;
    const validation = this.#validations.start({
      key,
      proof: session.proof,
      ask: async (signal) => this.#options.validate(session, signal),
      answered: (validation, answer) => this.#learn(validation, answer),
    });
    validation.outcome.then((outcome) => {
      if (outcome.kind !== 'nothing' && outcome.kind !== 'broken') return;
      this.#counts.failedValidations += 1;
      this.#onProblem({ kind: 'validation-failed', error: outcome.error });
      if (outcome.kind === 'broken') return;
      this.#failures.failed(key);
      this.#silence.failed();
    });
    return validation;
  }

  /** What it says is true of the moment when it was asked, not of that when the answer came. */
  #learn({ key, proof, startedAt, isOvertaken }: Validation<Value>, answer: Answer<Value>): void {
    this.#silence.answered();
    this.#failures.answered(key);
    if (isOvertaken) return;
    if (answer.kind === 'valid') this.#memory.wasValid(key, proof, startedAt, answer.value);
    else this.#memory.wasInvalid(key, proof, startedAt);
  }

  /** Judges by what is known now: it may have been revoked while we waited. */
  #conclude(
    visit: Visit<S>,
    { startedAt, isOvertaken }: Validation<Value>,
    outcome: Outcome<Value>,
  ): SessionVerdict<Value> {
    if (outcome.kind === 'broken') throw outcome.error;
    const facts = this.#factsOf(visit);
    if (nextStep(facts, this.#settings) === 'revoked') return this.#refuse('revoked');
    if (outcome.kind === 'invalid') return this.#refuse('invalid');
    if (outcome.kind === 'nothing') {
      return mayKeep(facts, this.#settings)
        ? this.#accept(visit, facts, 'stale')
        : this.#refuse('unavailable');
    }
    // Of a session that began after the revocation: the answer may be about the one before.
    if (isOvertaken) return this.#refuse('unavailable');
    const { value } = outcome;
    const ageMillis = facts.now - startedAt;
    return { valid: true, state: 'validated', validatedAt: startedAt, ageMillis, value };
  }

  #factsOf({ key, session, fresh }: Visit<S>): Facts {
    const { proof, expiresAt, signedInAt, validatedAt } = session;
    const now = this.#clock.now();
    const isBelievable = validatedAt !== undefined && validatedAt <= now + MAX_SKEW_MILLIS;
    const byToken = isBelievable ? Math.min(validatedAt, now) : undefined;
    let byMemory = this.#memory.valid(key, proof)?.validatedAt;
    if (byMemory !== undefined && byMemory > now + MAX_SKEW_MILLIS) {
      // The clock was set back since: it would be valid for so much longer.
      this.#memory.forget(key);
      byMemory = undefined;
    }
    return {
      now,
      fresh,
      expiresAt,
      signedInAt,
      lastGoodAt: byToken === undefined ? byMemory : Math.max(byToken, byMemory ?? byToken),
      revokedAt: this.#revocations.at(key),
      refusedAt: this.#memory.refusedAt(key, proof),
      missedUntil: this.#missedUntil,
      forgottenUntil: this.#revocations.forgottenUntil,
    };
  }

  #revoke(key: string, at: number): void {
    this.#revocations.add(key, at, this.#clock.now());
    this.#memory.forget(key);
    this.#validations.overtake(key);
  }

  #accept(
    { key, session }: Visit<S>,
    { now, lastGoodAt = now }: Facts,
    state: Exclude<SessionState, 'validated'>,
  ): SessionVerdict<Value> {
    this.#counts[state] += 1;
    const value = this.#memory.valid(key, session.proof)?.value;
    return { valid: true, state, validatedAt: lastGoodAt, ageMillis: now - lastGoodAt, value };
  }

  #refuse(reason: RefusalReason): SessionVerdict<Value> {
    this.#counts.refused += 1;
    return { valid: false, reason };
  }
}
