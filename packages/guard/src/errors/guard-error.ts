import type { Outcome } from '../diagnose/types.ts';

/** What the guard itself refuses a caller with. */
export abstract class GuardError extends Error {
  /** Stable, for programs. */
  abstract readonly code: string;
  /** What became of the operation; this is what makes a retry safe. */
  abstract readonly outcome: Outcome;

  override get name(): string {
    return this.constructor.name;
  }
}
