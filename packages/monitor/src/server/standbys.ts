import type { Replication, Standby } from './queries/replication.ts';

/** One that restarts, or whose network stumbles, is back within this; looks come every few seconds. */
const LOST_MILLIS = 10_000;
/** Taken out on purpose or not: after so long nobody need be told any more. */
const FORGOTTEN_MILLIS = 24 * 60 * 60_000;
/** Where they come and go by the dozen. */
const MOST_LOST = 20;

/** They stream as well, for a while, and are no replicas. */
const TOOLS = /^(pg_basebackup|pg_receivewal|pg_recvlogical|pg_\d+_sync_\d+.*)$/;

/** A standby as it was listed last. */
export interface KnownStandby {
  readonly standby: Standby;
  /** Since when it has been looked for in vain, in milliseconds since 1970; null: it is there. */
  readonly missingSince: number | null;
  /** For so long that it will hardly be back by itself. */
  readonly isLost: boolean;
}

/** The standbys of a server, as far as somebody has looked at them: the server itself forgets who has gone. */
export interface Standbys {
  /** Changes when another server has taken the primary's place. */
  readonly timeline: string | null;
  readonly known: readonly KnownStandby[];
}

/**
 * Who is there, who is missing, who is lost, after one more look. Pure.
 *
 * `now`: in milliseconds since 1970.
 */
export function follow(
  before: Standbys | undefined,
  { standbys, timeline }: Pick<Replication, 'standbys' | 'timeline'>,
  now: number,
): Standbys {
  const listed = standbys.filter(isReplica);
  // A new primary has standbys of its own, and may have been one.
  const known = before?.timeline === timeline ? before.known : [];
  const missing = withoutListed(known, listed)
    .map(({ standby, missingSince }): KnownStandby => {
      const since = missingSince ?? now;
      return { standby, missingSince: since, isLost: now - since >= LOST_MILLIS };
    })
    .filter(({ missingSince }) => now - (missingSince ?? now) < FORGOTTEN_MILLIS)
    .sort((a, b) => (b.missingSince ?? 0) - (a.missingSince ?? 0))
    .slice(0, MOST_LOST);
  const there = listed.map((standby) => ({ standby, missingSince: null, isLost: false }));
  return { timeline, known: [...there, ...missing] };
}

/** Somebody may be back in a moment: it is worth while to look again soon. */
export function isSomebodyMissing({ known }: Standbys): boolean {
  return known.some(({ missingSince, isLost }) => missingSince !== null && !isLost);
}

function isReplica({ name, state, replays }: Standby): boolean {
  // Of one that may not be seen, only its name is known.
  return !TOOLS.test(name) && (state === null || replays);
}

/** Each that is listed accounts for one that is known: from the same address, or, moved to another, by its name. */
function withoutListed(
  known: readonly KnownStandby[],
  listed: readonly Standby[],
): readonly KnownStandby[] {
  const rest = [...known];
  const take = (matches: (one: Standby) => boolean): boolean => {
    const at = rest.findIndex(({ standby }) => matches(standby));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  };
  const moved = listed.filter(
    ({ name, client }) => !take((one) => one.name === name && one.client === client),
  );
  for (const { name } of moved) take((one) => one.name === name);
  return rest;
}
