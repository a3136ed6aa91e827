/** All that is known of a session at one moment. Times are milliseconds since 1970. */
export interface Facts {
  readonly now: number;
  readonly fresh: boolean;
  readonly expiresAt: number | undefined;
  readonly signedInAt: number | undefined;
  /** When it was last found valid, here or by its token's word. */
  readonly lastGoodAt: number | undefined;
  readonly revokedAt: number | undefined;
  /** When it was last found invalid. */
  readonly refusedAt: number | undefined;
  /** Revocations were missed until then: what was validated before is validated again. */
  readonly missedUntil: number;
  /** Revocations until then are no longer remembered: what was validated before is not even kept. */
  readonly forgottenUntil: number;
}

export interface Limits {
  readonly everyMillis: number;
  readonly expiringWithinMillis: number;
  readonly maxStaleMillis: number;
}

export type Step = 'expired' | 'revoked' | 'invalid' | 'recent' | 'validate';

/** What is to be done with a session that a request brings. */
export function nextStep(facts: Facts, limits: Limits): Step {
  const { now, fresh, expiresAt, lastGoodAt, refusedAt } = facts;
  if (expiresAt !== undefined && now >= expiresAt) return 'expired';
  if (isRevoked(facts)) return 'revoked';
  if (fresh) return 'validate';
  if (
    refusedAt !== undefined &&
    now - refusedAt < limits.everyMillis &&
    !isSince(facts, refusedAt)
  ) {
    return 'invalid';
  }
  return lastGoodAt !== undefined && isRecent(facts, lastGoodAt, limits) ? 'recent' : 'validate';
}

/** Whether a session may go on when its validation gives no answer. */
export function mayKeep(facts: Facts, { maxStaleMillis }: Limits): boolean {
  const { now, fresh, lastGoodAt, forgottenUntil, refusedAt } = facts;
  if (fresh || lastGoodAt === undefined || isRevoked(facts)) return false;
  if (refusedAt !== undefined && refusedAt >= lastGoodAt) return false;
  return lastGoodAt > forgottenUntil && now - lastGoodAt < maxStaleMillis;
}

function isRevoked({ revokedAt, signedInAt }: Facts): boolean {
  if (revokedAt === undefined) return false;
  return signedInAt === undefined || signedInAt <= revokedAt;
}

/** Whether it began, or was found valid, after that. */
function isSince({ signedInAt, lastGoodAt }: Facts, moment: number): boolean {
  return (signedInAt ?? 0) > moment || (lastGoodAt ?? 0) > moment;
}

function isRecent(facts: Facts, lastGoodAt: number, limits: Limits): boolean {
  const { now, expiresAt, missedUntil, forgottenUntil } = facts;
  if (now - lastGoodAt >= limits.everyMillis) return false;
  if (lastGoodAt <= Math.max(missedUntil, forgottenUntil)) return false;
  if (expiresAt === undefined) return true;
  // Once when it enters its last minutes, and not at every request of them.
  const lastMinutesFrom = expiresAt - limits.expiringWithinMillis;
  return now < lastMinutesFrom || lastGoodAt >= lastMinutesFrom;
}
