/** Waits in ms; all 0 when there were none. */
export interface Waits {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function waitsOf(millis: readonly number[]): Waits {
  const sorted = Float64Array.from(millis).sort();
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
