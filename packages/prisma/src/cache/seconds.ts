import { toMillis } from '@lifeguard/guard';

/** Seconds, as Prisma Accelerate has them, or a number with its unit. */
export type Seconds = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/** How a wrong one is refused. */
export const SECONDS = "seconds, 0 or more, or a text such as '500ms', '30s', '5m' or '2h'";

/** In milliseconds; undefined when it is none. */
export function millisOf(time: unknown): number | undefined {
  if (typeof time !== 'number' && typeof time !== 'string') return undefined;
  try {
    const millis = toMillis(typeof time === 'number' ? time * 1_000 : time, 'time');
    return Number.isFinite(millis) ? millis : undefined;
  } catch {
    return undefined;
  }
}
