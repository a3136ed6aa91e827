import { grouped, plural, share } from '../../../terminal/words.ts';
import { quotePath } from '../../sql/names.ts';
import { defineRule } from '../rule.ts';
import { firstOf } from '../tell.ts';

/** Half of what 32 bits count; the server stops some millions before it. */
const ALL_TRANSACTIONS = 2 ** 31;

export const wraparound = defineRule({
  id: 'wraparound',
  source: 'server',
  finds: 'Databases whose oldest rows were not frozen for long.',
  why: 'At two thousand million transactions the server refuses all writes, in every pool at once, until a VACUUM of hours has run.',
  severities: ['critical', 'warning'],
  needs: ['databases'],
  thresholds: {
    warn: {
      value: 500_000_000,
      unit: 'transactions',
      means: 'old is a warning',
      source: 'ours: autovacuum should have frozen them at 200 million',
    },
    critical: {
      value: 1_500_000_000,
      unit: 'transactions',
      means: 'old is critical',
      source: 'PostgreSQL warns 40 million before the end',
    },
  },
  ignores: 'databases',
  find({ databases }, { warn, critical }, isIgnored) {
    const old = databases
      .filter(({ name }) => !isIgnored(name))
      .map(({ name, transactionAge, multixactAge }) => ({
        name,
        age: Math.max(transactionAge, multixactAge),
        what: transactionAge >= multixactAge ? 'transactions' : 'multixacts',
      }))
      .filter(({ age }) => age >= warn)
      .sort((a, b) => b.age - a.age);
    const [worst] = old;
    if (!worst) return [];
    return [
      {
        severity: worst.age >= critical ? 'critical' : 'warning',
        title: `Database ${worst.name} is ${share(worst.age, ALL_TRANSACTIONS)} of the way to wraparound`,
        evidence: firstOf(
          old,
          ({ name, age, what }) =>
            `${name}: ${grouped(age)} ${what} old, ${grouped(Math.max(0, ALL_TRANSACTIONS - age))} left`,
          'databases more',
        ),
        subjects: old.map(({ name }) => name),
        remedies: [
          {
            title:
              'End old transactions, prepared ones and unused slots first: they keep rows from being frozen. Then, in that database',
            language: 'sql',
            code: 'VACUUM (FREEZE, VERBOSE);',
          },
        ],
      },
    ];
  },
});

export const sequenceExhaustion = defineRule({
  id: 'sequence-exhaustion',
  source: 'server',
  finds: 'Sequences and identity columns near the end of their numbers.',
  why: 'At the end every insert fails, and callers who try again take the pool.',
  severities: ['critical', 'warning'],
  needs: ['sequences'],
  thresholds: {
    warnPercent: {
      value: 80,
      unit: '%',
      means: 'used is a warning',
      source: 'ours: a migration to bigint takes its time',
    },
    criticalPercent: {
      value: 95,
      unit: '%',
      means: 'used is critical',
      source: 'ours; PgHero tells at 90 %',
    },
  },
  ignores: 'sequences',
  find({ sequences }, { warnPercent, criticalPercent }, isIgnored) {
    const used = ({ last, highest }: { last: number; highest: number }) => (100 * last) / highest;
    const ending = sequences
      .filter((one) => !isIgnored(one.name) && used(one) >= warnPercent)
      .sort((a, b) => used(b) - used(a));
    const [worst] = ending;
    if (!worst) return [];
    const [table, column] = splitColumn(worst.column);
    return [
      {
        severity: used(worst) >= criticalPercent ? 'critical' : 'warning',
        title: `${plural(ending.length, 'sequence is', 'sequences are')} near the end; ${worst.name} has used ${share(worst.last, worst.highest)}`,
        evidence: firstOf(
          ending,
          (one) =>
            `${one.name}${one.column ? ` for ${one.column}` : ''}: ${grouped(one.last)} of ${grouped(one.highest)}`,
          'sequences more',
        ),
        subjects: ending.map(({ name }) => name),
        remedies: [
          {
            title:
              'Make the column a bigint (rewrites the table under an exclusive lock: for a large one add a new column and swap)',
            language: 'sql',
            code: `${table ? `ALTER TABLE ${table} ALTER COLUMN ${column} TYPE bigint;\n` : ''}ALTER SEQUENCE ${quotePath(worst.name)} AS bigint;`,
          },
        ],
      },
    ];
  },
});

/** As the server wrote it, quoted where it has to be. */
function splitColumn(path: string | null): [table: string, column: string] | [] {
  const point = path?.lastIndexOf('.') ?? -1;
  return path && point > 0 ? [path.slice(0, point), path.slice(point + 1)] : [];
}
