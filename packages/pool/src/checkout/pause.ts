import { describeOwner } from '../context/describe-owner.ts';
import type { Owner } from '../context/owner.ts';

/** A time in which a holder had no statement under way. */
export interface Pause {
  readonly millis: number;
  /** Who sent the last statement before it. */
  readonly after: Owner | undefined;
  /** Who sent the next one. */
  readonly before: Owner | undefined;
}

/** `holder`: its own statements are the beginning and the end of what it does, such as COMMIT. */
export function describePause(
  pause: Pause | undefined,
  holder: Owner | undefined,
): string | undefined {
  const place = (owner: Owner | undefined) =>
    owner && owner !== holder ? describeOwner(owner) : undefined;
  const [after, before] = [place(pause?.after), place(pause?.before)];
  if (after && before) return `between ${after} and ${before}`;
  if (after) return `after ${after}`;
  return before && `before ${before}`;
}
