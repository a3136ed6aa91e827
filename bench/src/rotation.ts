/** The order of a round: over the rounds each comes at each place equally often. */
export function orderOfRound<T>(all: readonly T[], round: number): T[] {
  const shift = round % all.length;
  return [...all.slice(shift), ...all.slice(0, shift)];
}
