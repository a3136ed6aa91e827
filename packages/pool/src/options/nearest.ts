function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replace = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const remove = (previous[column] ?? 0) + 1;
      const insert = (current[column - 1] ?? 0) + 1;
      current.push(Math.min(replace, remove, insert));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** Spelling without case and separators, so that `connectionLimit` is `connection_limit`. */
function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

// Longer names are not worth comparing and would make the table above expensive.
const LONGEST_NAME = 64;

/** The known name that a typing mistake most probably meant, by Levenshtein distance. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = bare(name);
  if (wanted.length < 3 || wanted.length > LONGEST_NAME) return undefined;
  let best: string | undefined;
  let bestDistance = Math.floor(wanted.length / 4) + 1;
  for (const candidate of known) {
    const candidateDistance = distance(wanted, bare(candidate));
    if (candidateDistance < bestDistance) {
      best = candidate;
      bestDistance = candidateDistance;
    }
  }
  return best;
}
