/** Questions that are asked again and again, each so often. */
export type Intervals<K extends string> = Readonly<Record<K, number>>;

/**
 * Which question is due, the one that is late by the most of its own intervals; never-asked ones first, in
 * their order. Pure.
 */
export function mostDue<K extends string>(
  now: number,
  askedAt: Readonly<Partial<Record<K, number>>>,
  intervals: Intervals<K>,
): K | undefined {
  let due: K | undefined;
  let most = 1;
  for (const name of Object.keys(intervals) as K[]) {
    const asked = askedAt[name];
    if (asked === undefined) return name;
    const lateness = (now - asked) / intervals[name];
    if (lateness < most || (lateness === most && due !== undefined)) continue;
    most = lateness;
    due = name;
  }
  return due;
}
