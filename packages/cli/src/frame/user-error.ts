import { EXIT, type ExitCode } from './exit-codes.ts';

interface UserErrorOptions {
  /** Default 2: a wrong option, setting or file. */
  readonly exitCode?: ExitCode;
  /** What to know and to do, laid out for a terminal; shown below the message. */
  readonly details?: string;
  readonly cause?: unknown;
}

/** Something that the user can mend: shown as one line and its details, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode: ExitCode;
  readonly details: string | undefined;

  constructor(message: string, { exitCode = EXIT.usage, details, cause }: UserErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
    this.details = details;
  }
}
