import { plural } from '../../../terminal/words.ts';
import { defineRule } from '../rule.ts';
import { firstOf, forHowLong } from '../tell.ts';

export const preparedTransaction = defineRule({
  id: 'prepared-transaction',
  source: 'server',
  finds: 'Prepared transactions (two-phase commit) that nobody finishes.',
  why: 'It holds its locks for ever, through restarts, without any session that could be ended; whoever needs them waits with a connection in hand.',
  severities: ['warning'],
  needs: ['preparedTransactions'],
  thresholds: {
    seconds: {
      value: 300,
      unit: 's',
      means: 'prepared for so long',
      source: 'ours: a coordinator that lives has finished it',
    },
  },
  find({ preparedTransactions }, { seconds }) {
    const old = preparedTransactions
      .filter(({ age }) => age >= seconds)
      .sort((a, b) => b.age - a.age);
    const [oldest] = old;
    if (!oldest) return [];
    return [
      {
        severity: 'warning',
        title: `${plural(old.length, 'prepared transaction')} left open, the oldest for ${forHowLong(oldest.age)}`,
        evidence: firstOf(
          old,
          ({ name, owner, database, age }) =>
            `'${name}' of ${owner} in ${database}, for ${forHowLong(age)}`,
        ),
        subjects: old.map(({ name }) => name),
        remedies: [
          {
            title: `Finish it, connected to ${oldest.database}: ask its coordinator which way, else roll it back`,
            language: 'sql',
            code: `ROLLBACK PREPARED '${oldest.name.replaceAll("'", "''")}';`,
          },
        ],
      },
    ];
  },
});
