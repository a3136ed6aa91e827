/** Lengths of time that a chart can show, in seconds: it grows with what there is. */
const WINDOWS = [60, 120, 300, 600, 900];

/** From when to when a chart is drawn, in seconds since 1970. */
export function windowOf(at: readonly number[]): { from: number; to: number } {
  const to = at.at(-1) ?? 0;
  const age = to - (at[0] ?? to);
  const length = WINDOWS.find((seconds) => age <= seconds) ?? WINDOWS.at(-1) ?? 900;
  return { from: to - length, to };
}

/** How long the charts' time is: `minute`, `15 minutes`. */
export function minutesOf(at: readonly number[]): string {
  const { from, to } = windowOf(at);
  const minutes = (to - from) / 60;
  return minutes === 1 ? 'minute' : `${minutes} minutes`;
}
