import type { ServerSnapshot } from '../wire.ts';
import { duration, moment, whole } from './words.ts';

/** What the server is and how full, in a sentence; `now`: of the snapshot. */
export function serverLine(server: ServerSnapshot, now: Date): string {
  const { at, version, startedAt, isReplica, lagMillis, connections } = server;
  if (at === null) return 'It has not answered yet.';
  const parts = [version === null ? 'PostgreSQL' : `PostgreSQL ${version}`];
  if (isReplica) {
    parts.push(
      `a standby${lagMillis === null ? '' : `, ${duration(lagMillis)} behind its primary`}`,
    );
  }
  if (startedAt !== null) parts.push(`up for ${duration(now.getTime() - Date.parse(startedAt))}`);
  const { used, max, roleLimit, databaseLimit } = connections;
  parts.push(
    `${whole(used)} connections open${max === null ? '' : ` of ${whole(max)} that clients may have`}`,
  );
  if (roleLimit !== null) parts.push(`this role may have ${whole(roleLimit)}`);
  if (databaseLimit !== null) parts.push(`this database may have ${whole(databaseLimit)}`);
  return `${parts.join('; ')}. As of ${moment(new Date(at), now)}.`;
}
