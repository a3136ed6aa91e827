import type { IncidentRecord } from '@lifeguard/monitor';
import type { Look } from '../look/server-look.ts';

/** What is shown of a look. */
export interface Told {
  /** `shop at db.example.com:5432`. */
  readonly where: string;
  readonly at: Date;
  readonly look: Look;
  /** Those that last, causes first. */
  readonly incidents: readonly IncidentRecord[];
  /** Where the page is; undefined: it is not served. */
  readonly page: string | undefined;
  /** Between two looks; undefined: there is but one. */
  readonly intervalSeconds: number | undefined;
}

/** `14:03:12`, as the clock on the wall has it. */
export function timeOf(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** How many wait for somebody's locks. */
export function waitingOf({ server }: Look): number {
  return server.blockers.reduce((sum, { waiting }) => sum + waiting, 0);
}
