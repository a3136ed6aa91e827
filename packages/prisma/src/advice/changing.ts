/** A value that is not the same in all calls, and where in their arguments it stands. */
export type Path = readonly string[];

/** A comparison with the time of the call differs a little each time. */
const NOW_MILLIS = 60_000;

/** Where the arguments of several calls differ; undefined when they are not of one shape. */
export function changing(calls: readonly unknown[]): Path[] | undefined {
  const [first, ...others] = calls;
  const paths: Path[] = [];
  for (const other of others) {
    if (!compare(first, other, [], paths)) return undefined;
  }
  return unique(paths);
}

function compare(a: unknown, b: unknown, at: Path, paths: Path[]): boolean {
  if (isPlain(a) && isPlain(b)) {
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    return keys.every((key) => key in b && compare(a[key], b[key], [...at, key], paths));
  }
  if (isPlain(a) !== isPlain(b)) return false;
  if (!isSame(a, b)) paths.push(at);
  return true;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Date && b instanceof Date) return Math.abs(+a - +b) < NOW_MILLIS;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  }
  if (isPlain(a) && isPlain(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => isSame(a[key], b[key]));
  }
  // Decimals, bytes.
  return typeof a === 'object' && typeof b === 'object' && a !== null && b !== null
    ? String(a) === String(b)
    : false;
}

function unique(paths: Path[]): Path[] {
  return [...new Map(paths.map((path) => [path.join('.'), path])).values()];
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
