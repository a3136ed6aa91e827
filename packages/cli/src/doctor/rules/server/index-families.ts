import type { IndexFact } from '../../server/facts.ts';

/** The index of a partitioned table with those of its partitions, which come and go with it, as one. */
export interface IndexFamilies {
  /** Sizes and reads of all parts together. */
  readonly heads: readonly IndexFact[];
  /** What has to be dropped for this index to go. */
  headOf(index: IndexFact): string;
}

export function familiesOf(indexes: readonly IndexFact[]): IndexFamilies {
  const byName = new Map(indexes.map((index) => [index.name, index]));
  const headOf = ({ name, partOf }: IndexFact): string => {
    const whole = partOf === null ? undefined : byName.get(partOf);
    return whole ? headOf(whole) : (partOf ?? name);
  };
  const parts = new Map<string, IndexFact[]>();
  for (const index of indexes) {
    if (index.partOf !== null)
      parts.set(headOf(index), [...(parts.get(headOf(index)) ?? []), index]);
  }
  const heads = indexes
    .filter(({ partOf }) => partOf === null)
    .map((head) => {
      const all = [head, ...(parts.get(head.name) ?? [])];
      return {
        ...head,
        bytes: sum(all.map(({ bytes }) => bytes)),
        scans: sum(all.map(({ scans }) => scans)),
      };
    });
  return { heads, headOf };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
