import type { Diagnosis, OperationKind } from '@lifeguard/guard';

/**
 * What may not be tried again though nothing was sent: the caller has waited as long as it would (P2024,
 * P2028), or there is too much load already. To wait once more would only make the queue longer.
 */
const WAITED_IN_VAIN = new Set<unknown>(['P2024', 'P2028']);

/**
 * As what an operation counts that has failed, for the question whether it may be tried again.
 *
 * @param failedAfterMillis since its first attempt began.
 * @param boundMillis how long a caller may wait for a connection, in all its attempts together.
 */
export function kindAfter(
  kind: OperationKind,
  { kind: failure, outcome }: Pick<Diagnosis, 'kind' | 'outcome'>,
  error: unknown,
  failedAfterMillis: number,
  boundMillis: number,
): OperationKind {
  const { code } = Object(error) as { code?: unknown };
  if (WAITED_IN_VAIN.has(code) || failure === 'overload-shed') return 'once';
  return outcome === 'not-sent' && failedAfterMillis >= boundMillis ? 'once' : kind;
}

/**
 * Whether a failure may say something of the database. Not when an operation that Prisma does in a transaction found no
 * connection for it within `maxWait`: reads, which need none to themselves, may well be served.
 */
export function isOfDatabase(error: unknown): boolean {
  return (Object(error) as { code?: unknown }).code !== 'P2028';
}
