import type { AsyncResource } from 'node:async_hooks';
import type { StatementConfig } from '../connection/lane-query.ts';
import type { CallContext, Priority } from '../context/context.ts';
import type { RepeatedStatement } from '../context/repeats.ts';
import type { Pace, StatementProfile } from '../statement/profiles.ts';
import { Request } from './request.ts';

export type StatementCallback = (error: Error | undefined, result?: unknown) => void;

/** An autocommit statement on its way to the shared lane. */
export class StatementRequest extends Request {
  readonly config: StatementConfig;
  readonly profile: StatementProfile;
  readonly #settle: StatementCallback;
  /** When it was written to the wire; NaN before. */
  sentAt = Number.NaN;
  /** What its connection expects it to cost. */
  expectedMillis = 0;
  /** It came back with a stale plan once; the second time goes without one. */
  unprepared = false;
  /** It stood in others' way: it goes again by itself, and leaves the last connection to them. */
  isAlone = false;
  /** How often it was cancelled in favour of others, or by mistake for another. */
  cancellations = 0;
  /** Its text, among those that its request repeats. */
  repeated: RepeatedStatement | undefined;
  /** Its caller's async context, where statements are traced. */
  scope: AsyncResource | undefined;
  /** Its caller has its answer, or has stopped to wait for one. */
  isSettled = false;

  constructor(
    config: StatementConfig,
    profile: StatementProfile,
    enqueuedAt: number,
    deadline: number,
    context: CallContext | undefined,
    settle: StatementCallback,
    priority?: Priority,
  ) {
    super(enqueuedAt, deadline, context, priority);
    this.config = config;
    this.profile = profile;
    this.#settle = settle;
  }

  override get serviceMillis(): number {
    return this.profile.expectedMillis ?? 0;
  }

  get pace(): Pace {
    return this.isAlone ? 'long' : this.profile.pace;
  }

  succeed(result: unknown): void {
    if (this.isSettled) return;
    this.#end();
    this.#settle(undefined, result);
  }

  override fail(error: Error): void {
    if (this.isSettled) return;
    this.#end();
    this.#settle(error);
  }

  #end(): void {
    this.isSettled = true;
    this.onSettled?.();
    this.repeated?.end();
  }
}
