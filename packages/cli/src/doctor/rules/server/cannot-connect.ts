import type { Diagnosis } from '@lifeguard/guard';
import type { ConfigurationFacts } from '../../configuration/facts.ts';
import type { Remedy } from '../../report/finding.ts';
import { quoteName } from '../../sql/names.ts';
import { defineRule } from '../rule.ts';

const MOST_CAUSES = 3;
const MOST_REMEDIES = 3;

/** The guard knows neither host nor user nor database: its examples have some of their own. */
function forThisDatabase(
  remedy: Remedy,
  { host, port, user, database }: ConfigurationFacts,
): Remedy {
  if (remedy.code === undefined) return remedy;
  const named = remedy.code.replace(
    /psql -d shop -c '\\password app'/,
    () => `psql -d ${inShell(database)} -c ${inShell(`\\password ${quoteName(user)}`)}`,
  );
  if (host.startsWith('/')) return { ...remedy, code: named };
  return {
    ...remedy,
    code: named.replaceAll(/(db\.example\.com)(\D+)5432/g, (_, _host, between) =>
      [host, between, port].join(''),
    ),
  };
}

/** What a full server still lets in. */
const ASK_WITH_A_RESERVED_SLOT: Remedy = {
  title:
    'Run the doctor as a superuser, for whom some slots are kept: it says who holds the others, and whom to end',
  language: 'sh',
  code: 'npx lifeguard doctor --url "postgresql://postgres@…"',
};

/** Its code is that of a missing right to a table as well, which the guard can't tell from it. */
const MAY_NOT_CONNECT = '42501';

function withoutRight(diagnosis: Diagnosis, { user, database }: ConfigurationFacts): Diagnosis {
  return {
    ...diagnosis,
    kind: 'authentication',
    title: 'This user may not connect to this database',
    meaning: 'User and password are right; the database gives this user no CONNECT.',
    causes: [],
    remedies: [
      {
        title: 'Let it in, as the database’s owner; or name another database in the URL',
        language: 'sql',
        code: `GRANT CONNECT ON DATABASE ${quoteName(database)} TO ${quoteName(user)};`,
      },
    ],
  };
}

function inShell(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export const cannotConnect = defineRule({
  id: 'cannot-connect',
  source: 'server',
  finds: 'A server to which no connection comes about, with what the failure means.',
  why: 'What the doctor can’t reach, the application can’t reach either, unless it runs elsewhere.',
  severities: ['critical'],
  needs: ['connectFailure', 'configuration'],
  thresholds: {},
  find({ connectFailure: { at, said, diagnosis: known }, configuration }) {
    const diagnosis =
      at === 'login' && known.code === MAY_NOT_CONNECT ? withoutRight(known, configuration) : known;
    const { title, meaning, causes, remedies, kind, code } = diagnosis;
    const withCode = code === undefined || said.includes(code) ? said : `${said} (${code})`;
    return [
      {
        severity: 'critical',
        title: `The doctor ${at === 'login' ? 'can’t connect' : 'gets no answer'}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
        evidence: [
          `it said: ${withCode}`,
          ...(kind === 'unknown'
            ? []
            : causes.slice(0, MOST_CAUSES).map((cause) => `perhaps: ${cause}`)),
        ],
        why: meaning,
        remedies: [
          ...(kind === 'server-max-connections' ? [ASK_WITH_A_RESERVED_SLOT] : []),
          ...remedies.map((remedy) => forThisDatabase(remedy, configuration)),
        ].slice(0, MOST_REMEDIES),
      },
    ];
  },
});
