/** How a request ended. */
export type Outcome =
  | { readonly ok: true; readonly status: number }
  | { readonly ok: false; readonly failure: Failure };

/** Why a request failed; those of one `kind` are counted together. */
export interface Failure {
  /** As reports name it: `503 P2024`, `500`, `timeout`, `refused`, `reset`. */
  readonly kind: string;
  readonly status?: number;
  /** Of the database error that the answer's body tells of: Prisma code, SQLSTATE or Node's. */
  readonly code?: string;
  /** What it is, in the guard's words. */
  readonly title?: string;
}

export interface RequestListener {
  /** The request goes onto a connection: what was waited until now was waited on our side. */
  onSent(): void;
  /** Called once. */
  onEnd(outcome: Outcome): void;
}

/** Sends a request; the returned function gives it up, after which nobody listens. Never throws. */
export type Send = (listener: RequestListener) => () => void;
