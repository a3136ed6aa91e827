import { bytes, plural } from '../../../terminal/words.ts';
import type { IndexFact } from '../../server/facts.ts';
import { defineRule } from '../rule.ts';
import { dropIndex, firstOf } from '../tell.ts';
import { familiesOf } from './index-families.ts';

interface Duplicate {
  readonly index: IndexFact;
  readonly by: IndexFact;
  readonly isSame: boolean;
}

export const duplicateIndex = defineRule({
  id: 'duplicate-index',
  source: 'server',
  finds:
    'Indexes that another index already serves: the same columns, or its first ones. Those of constraints and unique ones are left alone.',
  why: 'Every insert and update writes it, too: transactions hold their connections longer for nothing.',
  severities: ['warning', 'info'],
  needs: ['indexes'],
  thresholds: {
    bytes: {
      value: 10 * 1024 * 1024,
      unit: 'bytes',
      means: 'a warning for exact duplicates of this size; others are worth knowing',
      source: 'PgHero, for unused ones',
    },
  },
  ignores: 'indexes',
  find({ indexes }, limits, isIgnored) {
    const duplicates = duplicatesIn(indexes)
      .filter(({ index }) => !isIgnored(index.name))
      .sort((a, b) => Number(b.isSame) - Number(a.isSame) || b.index.bytes - a.index.bytes);
    if (duplicates.length === 0) return [];
    const isCostly = duplicates.some(({ isSame, index }) => isSame && index.bytes >= limits.bytes);
    const same = duplicates.filter(({ isSame }) => isSame).length;
    return [
      {
        severity: isCostly ? 'warning' : 'info',
        title: `${plural(duplicates.length, 'index', 'indexes')} that others already serve${same > 0 ? `, ${same} of them exact duplicates` : ''}`,
        evidence: firstOf(
          duplicates,
          ({ index, by, isSame }) =>
            `${index.name} (${bytes(index.bytes)}) ${isSame ? 'is the same as' : 'begins'} ${by.name}: ${tell(index)}`,
          'indexes more',
        ),
        subjects: duplicates.map(({ index }) => index.name),
        remedies: [
          {
            title:
              'Drop them (take them out of the Prisma schema as well, or the next migration brings them back)',
            language: 'sql',
            code: duplicates
              .slice(0, 5)
              .map(({ index }) => dropIndex(index))
              .join('\n'),
          },
        ],
      },
    ];
  },
});

function duplicatesIn(indexes: readonly IndexFact[]): Duplicate[] {
  const found: Duplicate[] = [];
  const { heads, headOf } = familiesOf(indexes);
  const dropped = new Set<string>();
  for (const index of heads) {
    if (index.isNeeded || index.isUnique || !index.isValid) continue;
    const by = indexes.find(
      (other) => other.name !== index.name && !dropped.has(headOf(other)) && serves(other, index),
    );
    if (!by) continue;
    // Of two that are the same, one has to stay.
    dropped.add(index.name);
    found.push({ index, by, isSame: isSame(by, index) });
  }
  return found;
}

function serves(other: IndexFact, index: IndexFact): boolean {
  if (other.table !== index.table || !other.isValid) return false;
  return isSame(other, index) || begins(index, other);
}

/** `btree (kind, at)`. */
function tell({ method, columns, isPartial }: IndexFact): string {
  const names = columns.map((column) => column ?? '(expression)');
  return `${method} (${names.join(', ')})${isPartial ? ' WHERE …' : ''}`;
}

function isSame(a: IndexFact, b: IndexFact): boolean {
  return a.signature === b.signature;
}

/** Whether all of the index's columns are the first ones of the other, read in the same way. */
function begins(index: IndexFact, other: IndexFact): boolean {
  if (index.method !== 'btree' || other.method !== 'btree') return false;
  if (index.isPartial || other.isPartial || index.includes) return false;
  if (index.columns.length >= other.columns.length) return false;
  return index.columns.every(
    (column, place) =>
      column !== null &&
      column === other.columns[place] &&
      index.traits[place] === other.traits[place],
  );
}
