/** PgBouncer: there was no server connection to be had in time, or none comes about. */
const REFUSAL = /^query_wait_timeout\b|^server login has been failing\b/;

/**
 * Whether a pooler refused a statement for which it found no server connection. It had sent nothing on by then: neither that one nor
 * any behind it, for it gives a client one connection at a time.
 */
export function isPoolerRefusal(error: Error & { severity?: string }): boolean {
  return error.severity === 'FATAL' && REFUSAL.test(error.message);
}
