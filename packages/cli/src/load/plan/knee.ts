import type { Knee } from '../result/result.ts';

export interface Tried {
  readonly rate: number;
  readonly held: boolean;
}

/** Between the highest rate that held and the lowest that did not: closer is within the noise of a step. */
const CLOSE_ENOUGH = 1.1;
const LOWEST_RATE = 1;

/**
 * The rate to try next: doubled until one is not held, then between the two, by their geometric mean. One that is
 * lost is tried once more, for a machine may stumble. Undefined when the knee is known to a tenth, or lies
 * beyond `most`. Pure.
 */
export function nextRate(
  tried: readonly Tried[],
  { first, most }: { readonly first: number; readonly most: number },
): number | undefined {
  const last = tried.at(-1);
  if (!last) return Math.min(first, most);
  if (!last.held && tried.filter(({ rate }) => rate === last.rate).length === 1) return last.rate;
  const { held, lost } = kneeOf(tried);
  if (lost === null) return held === null || held >= most ? undefined : Math.min(most, held * 2);
  if (held === null)
    return lost <= LOWEST_RATE ? undefined : Math.max(LOWEST_RATE, round(lost / 2));
  if (lost / held <= CLOSE_ENOUGH) return undefined;
  const between = round(Math.sqrt(held * lost));
  return between > held && between < lost ? between : undefined;
}

/** A rate is held that was held once. One that held above one that did not is luck: what was lost counts. */
export function kneeOf(tried: readonly Tried[]): Knee {
  const held = new Set(tried.filter((one) => one.held).map(({ rate }) => rate));
  const lost = Math.min(...tried.map(({ rate }) => rate).filter((rate) => !held.has(rate)));
  const below = [...held].filter((rate) => rate < lost);
  return {
    held: below.length > 0 ? Math.max(...below) : null,
    lost: Number.isFinite(lost) ? lost : null,
  };
}

/** Rates are said in two figures, small ones whole. */
function round(rate: number): number {
  return rate < 10 ? Math.round(rate) : Number(rate.toPrecision(2));
}
