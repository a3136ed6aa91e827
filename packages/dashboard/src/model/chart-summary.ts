/** What a chart shows, in a sentence, for whoever does not see it. */
export function summarize(
  label: string,
  values: readonly (number | null)[],
  format: (value: number) => string,
): string {
  const known = values.filter((value) => value !== null);
  const now = known.at(-1);
  if (now === undefined) return `${label}: no figures yet.`;
  const lowest = known.reduce((least, value) => Math.min(least, value));
  const highest = known.reduce((most, value) => Math.max(most, value));
  return `${label}: ${format(now)} now, ${format(lowest)} at the least, ${format(highest)} at the most.`;
}
