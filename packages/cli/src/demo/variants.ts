/** The three ways in which each incident is run. */
export interface Variant {
  readonly name: 'stock' | 'lifeguard' | 'repaired';
  readonly label: string;
  /** For the storefront's server. */
  readonly env: Readonly<Record<string, string>>;
}

export const variants: readonly Variant[] = [
  { name: 'stock', label: 'Prisma 7, stock pool', env: { POOL: 'stock', REPAIRED: '0' } },
  {
    name: 'lifeguard',
    label: 'Lifeguard, same code',
    env: { POOL: 'lifeguard', REPAIRED: '0' },
  },
  {
    name: 'repaired',
    label: 'Lifeguard, code repaired',
    env: { POOL: 'lifeguard', REPAIRED: '1' },
  },
];

/** The order of a round: each variant comes first, second and last equally often. */
export function orderOfRound<T>(all: readonly T[], round: number): T[] {
  const shift = round % all.length;
  return [...all.slice(shift), ...all.slice(0, shift)];
}
