import type { StatementConfig } from '../connection/lane-query.ts';
import type { CallContext } from '../context/context.ts';
import type { StatementProfile } from '../statement/profiles.ts';
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

  constructor(
    config: StatementConfig,
    profile: StatementProfile,
    enqueuedAt: number,
    deadline: number,
    context: CallContext | undefined,
    settle: StatementCallback,
  ) {
    super(enqueuedAt, deadline, context);
    this.config = config;
    this.profile = profile;
    this.#settle = settle;
  }

  /** The statement is no longer under way in its caller's request. */
  #settled(): void {
    this.context?.request?.end(this.profile.text);
  }

  succeed(result: unknown): void {
    this.#settled();
    this.#settle(undefined, result);
  }

  override fail(error: Error): void {
    this.#settled();
    this.#settle(error);
  }
}
