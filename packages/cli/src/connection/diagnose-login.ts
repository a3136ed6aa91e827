import { type Diagnosis, diagnose, type Remedy } from '@lifeguard/guard';
import { quoteName } from '../doctor/sql/names.ts';
import type { Address } from './address.ts';

/** Its code is that of a missing right to a table as well, which the guard can't tell from it. */
const MAY_NOT_CONNECT = '42501';

/** What a full server still lets in. */
const WITH_A_RESERVED_SLOT: Remedy = {
  title:
    'Look as a superuser, for whom some slots are kept: the doctor says who holds the others, and whom to end',
  language: 'sh',
  code: 'npx lifeguard doctor --url "postgresql://postgres@…"',
};

/** What a failed login means: the guard's diagnosis, for the address that was tried. */
export function diagnoseLogin(error: Error, address: Address): Diagnosis {
  const diagnosis = forLogins(diagnose(error, { fromDatabase: true }), address);
  return {
    ...diagnosis,
    remedies: diagnosis.remedies.map((remedy) => forThisDatabase(remedy, address)),
  };
}

function forLogins(diagnosis: Diagnosis, { user, database }: Address): Diagnosis {
  if (diagnosis.code === MAY_NOT_CONNECT) {
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
  if (diagnosis.kind === 'server-max-connections') {
    return { ...diagnosis, remedies: [WITH_A_RESERVED_SLOT, ...diagnosis.remedies] };
  }
  if (diagnosis.kind === 'stale-connection') {
    return {
      ...diagnosis,
      kind: 'unreachable',
      title: 'What listens there closed the connection before any login',
      meaning:
        'The connection was made and closed again without a word of PostgreSQL’s. Nothing was sent.',
      causes: [
        'Another service has this port, or a proxy, tunnel or load balancer that has no server behind it.',
        'The server is just being stopped, or can’t start another process: memory, limits of the system.',
        'A proxy that takes only TLS, or not from this address.',
      ],
      remedies: [
        {
          title: 'See who answers there',
          language: 'sh',
          code: 'pg_isready -h db.example.com -p 5432',
        },
        { title: 'Read the log of the server, or of what stands before it, at this minute' },
      ],
    };
  }
  return diagnosis;
}

/** The guard knows neither host nor user nor database: its examples have some of their own. */
function forThisDatabase(remedy: Remedy, { host, port, user, database }: Address): Remedy {
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

function inShell(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
