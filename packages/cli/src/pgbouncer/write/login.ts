import pg from 'pg';
import { addressOf } from '../../connection/address.ts';
import { configOf, whereOf } from '../../connection/connect.ts';
import { connectionFailure } from '../../connection/explain.ts';
import type { Target } from '../../connection/target.ts';
import type { Session } from '../../frame/session.ts';
import { UserError } from '../../frame/user-error.ts';
import type { AuthType } from './ini.ts';
import {
  freshParameters,
  md5Secret,
  parametersIn,
  type ScramParameters,
  scramSecret,
} from './scram.ts';

/** How the server asked who we are. */
type Asked =
  | { readonly for: 'nothing' }
  | { readonly for: 'scram'; readonly parameters: ScramParameters }
  | { readonly for: 'md5' }
  | { readonly for: 'password' };

/** pg's protocol, where its events are. */
type Wire = pg.Client & {
  readonly connection: NodeJS.EventEmitter;
  readonly user: string;
  readonly password: unknown;
};

export interface Login {
  readonly client: pg.Client;
  readonly user: string;
  /** For userlist.txt. */
  readonly secret: string;
  readonly authType: AuthType;
  /** What to know of the secret. */
  readonly note: string | undefined;
}

/**
 * Logs in to the server and learns what PgBouncer needs to let this user in, and to pass the login on: the secret that
 * the server itself has. No password leaves this process.
 *
 * @throws {UserError} when the server can't be reached, or wants the password as it is.
 */
export async function logIn(target: Target, name: string, session: Session): Promise<Login> {
  const client = new pg.Client(configOf(target, name)) as Wire;
  client.on('error', () => {});
  session.cleanups.add(() => client.end().catch(() => {}));
  const asked = hearHow(client);
  try {
    await client.connect();
  } catch (error) {
    throw connectionFailure(
      error as Error,
      addressOf(configOf(target, '')),
      whereOf(target),
      session.width,
    );
  }
  const { user, password } = client;
  const known = typeof password === 'string' && password !== '' ? password : undefined;
  return { client, user, ...(await secretFor(client, asked(), user, known)) };
}

function hearHow({ connection }: Wire): () => Asked {
  let asked: Asked = { for: 'nothing' };
  connection.on('authenticationSASLContinue', ({ data }: { data: string }) => {
    const parameters = parametersIn(data);
    if (parameters) asked = { for: 'scram', parameters };
  });
  connection.on('authenticationMD5Password', () => {
    asked = { for: 'md5' };
  });
  connection.on('authenticationCleartextPassword', () => {
    asked = { for: 'password' };
  });
  return () => asked;
}

async function secretFor(
  client: pg.Client,
  asked: Asked,
  user: string,
  password: string | undefined,
): Promise<Pick<Login, 'secret' | 'authType' | 'note'>> {
  if (asked.for === 'password') {
    throw new UserError(
      `the server wants the password of ${user} as it is (pg_hba: password, ldap or the like), which no secret stands for. Give ${user} a SCRAM password (scram-sha-256 in pg_hba.conf), or keep an auth_query of PgBouncer's`,
    );
  }
  if (asked.for === 'scram' && password !== undefined) {
    return {
      secret: scramSecret(password, asked.parameters),
      authType: 'scram-sha-256',
      note: undefined,
    };
  }
  if (asked.for === 'md5' && password !== undefined) {
    return {
      secret: md5Secret(password, user),
      authType: 'md5',
      note: `the server has an MD5 hash of this password, which is out of date: SET password_encryption = 'scram-sha-256', set the password anew, and run this again`,
    };
  }
  const kept = await keptSecret(client, user);
  if (kept?.startsWith('SCRAM-SHA-256$')) {
    return { secret: kept, authType: 'scram-sha-256', note: undefined };
  }
  if (password === undefined) {
    throw new UserError(
      `the server lets ${user} in without a password, and PgBouncer must ask its clients for one: give it in the URL`,
    );
  }
  return {
    secret: scramSecret(password, freshParameters()),
    authType: 'scram-sha-256',
    note: 'the server asks for no password from here (trust); if it does from where PgBouncer runs, run this there',
  };
}

/** Of pg_authid, which only superusers may read. */
async function keptSecret(client: pg.Client, user: string): Promise<string | undefined> {
  const answer = await client
    .query('SELECT rolpassword FROM pg_catalog.pg_authid WHERE rolname = $1', [user])
    .catch(() => undefined);
  return answer?.rows[0]?.rolpassword ?? undefined;
}
