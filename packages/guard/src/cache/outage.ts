import { diagnose } from '../diagnose/diagnose.ts';
import type { DiagnosisKind } from '../diagnose/types.ts';

/** The database gave no answer, or there was no way to it. */
const NO_ANSWER: ReadonlySet<DiagnosisKind> = new Set<DiagnosisKind>([
  'unreachable',
  'server-terminated',
  'server-starting',
  'stale-connection',
  'server-max-connections',
  'role-connection-limit',
  'pooler-max-clients',
  'pooler-session-mode-limit',
  'pooler-queue-timeout',
  'pooler-cannot-reach-server',
  'app-pool-exhausted',
  'overload-shed',
  'tx-start-timeout',
  'statement-timeout',
  'lock-timeout',
]);

/** An outage when nothing was sent; otherwise the server has answered, with a refusal of this statement. */
const NO_ANSWER_UNSENT: ReadonlySet<DiagnosisKind> = new Set<DiagnosisKind>([
  'authentication',
  'tls',
  'misrouted',
]);

/** Lifeguard's own refusals that no rule of the diagnosis needs to know. */
const OWN_CODES: ReadonlySet<unknown> = new Set([
  'LIFEGUARD_BREAKER_OPEN',
  'LIFEGUARD_DEADLINE',
  'LIFEGUARD_NO_ANSWER',
]);
const MAX_CAUSES = 8;

/**
 * Whether an error says that the database could not answer: then an older answer is better than none. All
 * others are answers (a constraint, a wrong query, a defect of the application) and belong to the caller.
 */
export function isOutage(error: unknown): boolean {
  if (isOwnRefusal(error)) return true;
  const { kind, outcome } = diagnose(error);
  return NO_ANSWER.has(kind) || (outcome === 'not-sent' && NO_ANSWER_UNSENT.has(kind));
}

function isOwnRefusal(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < MAX_CAUSES && current instanceof Error; depth++) {
    if ('code' in current && OWN_CODES.has(current.code)) return true;
    current = current.cause;
  }
  return false;
}
