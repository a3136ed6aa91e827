import type { CallContext } from '../context/context.ts';

/** A statement, or an operation of several, that took longer than `slowThresholdMillis`. No parameters. */
export interface SlowOperation {
  /** Who asked: model and operation, or a label; undefined where nobody says. */
  readonly owner: string | undefined;
  /** Where it was called, as far as that was noted. */
  readonly site: string | undefined;
  /** The request that it was part of. */
  readonly route: string | undefined;
  /** The statement's text with literals masked; undefined of an operation of several. */
  readonly statement: string | undefined;
  /** From the call to its answer. */
  readonly millis: number;
  /** Of that, the time until it had a connection, or its place on one. */
  readonly waitMillis: number;
  /** And the time on the way to the server, there, and back; of several statements at once, of all of them. */
  readonly serverMillis: number;
  /** How often it was begun. */
  readonly attempts: number;
  readonly hasFailed: boolean;
}

/** As much of an answer as is needed. */
export interface TimedAnswer {
  readonly request: {
    readonly enqueuedAt: number;
    readonly sentAt: number;
    readonly context: CallContext | undefined;
    readonly profile: { readonly summary: string };
  };
  readonly error: Error | undefined;
  readonly at: number;
}

/** Tells owners what their statements took, and of a slow one whose owner does not tell of itself. */
export function slowStatement(
  { request, error, at }: TimedAnswer,
  thresholdMillis: number,
): SlowOperation | undefined {
  const { enqueuedAt, sentAt, context, profile } = request;
  const owner = context?.owner;
  const millis = at - enqueuedAt;
  if (owner?.spent) owner.spent(sentAt - enqueuedAt, at - sentAt);
  if (owner?.spent || thresholdMillis === 0 || millis < thresholdMillis) return undefined;
  return {
    owner: owner?.label,
    site: owner?.site && (`${owner.site}` || undefined),
    route: context?.request?.route,
    statement: profile.summary,
    millis,
    waitMillis: sentAt - enqueuedAt,
    serverMillis: at - sentAt,
    attempts: 1,
    hasFailed: error !== undefined,
  };
}
