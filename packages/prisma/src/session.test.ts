import { type AuthJsSession, type AuthJsToken, authJsJwt, type Session } from '@lifeguard/guard';
import { OptionsError } from '@lifeguard/pool';
import { afterAll, beforeAll, expect, expectTypeOf, test, vi } from 'vitest';
import { eventually, type Library, openLibrary } from './testing/library.ts';

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
});
afterAll(() => library?.close());

/** A process of the application, in which a session is valid as long as there is an author of its name. */
function application(name = 'application') {
  const { db, prisma } = library.open({ parameters: { application_name: name } });
  const validate = vi.fn(({ id }: Session) => prisma.author.findUnique({ where: { name: id } }));
  const sessions = db.session({ validate, bus: 'postgres' });
  return { db, sessions, validate };
}

/** Connections of an application that listen, or have just been asked for a sign of life. */
const listeners = async (name: string): Promise<number> => {
  const { rows } = await library.sql.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE application_name = $1 AND (query LIKE 'LISTEN%' OR query LIKE 'SELECT 1')`,
    [name],
  );
  return rows[0].n;
};

test('a session is validated once a minute, and revoked in all processes', async () => {
  const [one, two] = [application(), application()];
  await Promise.all([one.sessions.ready, two.sessions.ready]);
  for (const { sessions, validate } of [one, two]) {
    for (let request = 0; request < 10; request++) {
      expect(await sessions.check({ id: 'Ada' })).toMatchObject({ valid: true });
    }
    expect(validate).toHaveBeenCalledTimes(1);
  }
  expect(await one.sessions.revoke('Ada')).toBe(true);
  expect(await one.sessions.check({ id: 'Ada' })).toEqual({ valid: false, reason: 'revoked' });
  await eventually(async () => !(await two.sessions.check({ id: 'Ada' })).valid);
});

test('its value is what validate returns', async () => {
  const { sessions } = application();
  const verdict = await sessions.check({ id: 'Grace' });
  if (!verdict.valid) return expect.unreachable();
  expectTypeOf(verdict.value).toEqualTypeOf<{ id: number; name: string } | undefined>();
  expect(verdict.value?.name).toBe('Grace');
});

test('several guards share one connection, which ends with the client', async () => {
  const { db, sessions } = application('sharing');
  const more = db.session({ validate: () => true, bus: 'postgres', name: 'more' });
  await Promise.all([sessions.ready, more.ready]);
  await eventually(async () => (await listeners('sharing')) === 1);
  await db.shutdown();
  await eventually(async () => (await listeners('sharing')) === 0);
});

test('a bus that could not hear anything is refused', () => {
  const { db } = library.open({ parameters: { pgbouncer: 'true' } });
  expect(() => db.session({ validate: () => true, bus: 'postgres' })).toThrow(OptionsError);
  db.session({ validate: () => true });
});

test('is the callback of Auth.js, which asks for a user once a minute', async () => {
  const { db, prisma } = library.open();
  const validate = vi.fn(({ token }: AuthJsSession) =>
    prisma.author.findUnique({ where: { id: Number(token.sub) } }),
  );
  const jwt = authJsJwt(db.session({ validate }));
  let token: AuthJsToken | null = { sub: '1' };
  for (let request = 0; request < 5; request++) token = token && (await jwt({ token }));
  expect(token).toMatchObject({ sub: '1' });
  expect(validate).toHaveBeenCalledTimes(1);
  expect(await jwt({ token: { sub: '999' } })).toBeNull();
});
