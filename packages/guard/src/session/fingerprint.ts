import { createHash } from 'node:crypto';

/**
 * What stands for a session's id in memory and on the bus. An id is often the very token that a browser shows,
 * and a server may log what is notified.
 */
export function fingerprint(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
