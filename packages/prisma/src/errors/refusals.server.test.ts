import { diagnose } from '@lifeguard/guard';
import { PoolTimeoutError } from '@lifeguard/pool';
import { startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { expect, test } from 'vitest';
import { type Lifeguard, lifeguard } from '../lifeguard.ts';
import { PrismaClient } from '../testing/generated/client.ts';
import { eventually } from '../testing/library.ts';
import { startTlsServer } from '../testing/tls-server.ts';
import { errorOf } from '../testing/ways.ts';

function open(url: string) {
  const db = lifeguard({ url, guard: { retry: false, breaker: false }, signals: false });
  return { db, prisma: new PrismaClient({ adapter: db.adapter }).$extends(db.extension) };
}

/** A model, raw SQL, and a transaction. */
async function told({ prisma }: ReturnType<typeof open>) {
  return [
    await errorOf(() => prisma.author.findFirst()),
    await errorOf(() => prisma.$queryRaw`SELECT 1`),
    await errorOf(() => prisma.$transaction((tx) => tx.author.count())),
  ];
}

const end = (db: Lifeguard) => db.shutdown({ timeout: 500 });

test('a server whose max_connections are taken: P2024 with P2037 as its cause, then all is well', async () => {
  const settings = { max_connections: 5, superuser_reserved_connections: 0, max_wal_senders: 0 };
  const server = await startPostgres({ settings });
  const occupants: pg.Client[] = [];
  try {
    for (;;) {
      const client = new pg.Client({ connectionString: server.url() });
      const refused: unknown = await client.connect().then(
        () => undefined,
        (error) => error,
      );
      if (refused) {
        expect(refused).toMatchObject({ code: '53300' });
        break;
      }
      occupants.push(client);
    }
    expect(occupants.length).toBeGreaterThan(0);
    const opened = open(server.url({ connection_limit: 3, pool_timeout: 0.3 }));
    for (const error of await told(opened)) {
      expect(error).toMatchObject({ code: 'P2024', outcome: 'not-sent' });
      expect(error.cause).toMatchObject({
        code: 'P2037',
        message: expect.stringContaining('sorry, too many clients already'),
      });
      expect((error.cause as Error).cause).toBeInstanceOf(PoolTimeoutError);
      expect(diagnose(error).kind).toBe('server-max-connections');
    }
    await occupants.pop()?.end();
    await eventually(() => opened.prisma.$queryRaw`SELECT 1`.then(Boolean, () => false));
    // With one connection to be had the others wait for it, and nobody is refused.
    const many = Array.from({ length: 20 }, () => opened.prisma.$queryRaw`SELECT 1`);
    expect(await Promise.all(many)).toHaveLength(20);
    const { total, connecting } = opened.db.stats().connections;
    expect(total - connecting).toBe(1);
    await end(opened.db);
  } finally {
    await Promise.all(occupants.map((client) => client.end()));
    await server.stop('immediate');
  }
});

test.each([
  ['none, where it is asked for', false, 'sslmode=verify-full', /does not support SSL/],
  ['a certificate that nobody has signed', true, 'sslmode=verify-full', /self-signed certificate/],
])(
  'TLS, and the server has %s: P1011 in every way, with the reason',
  async (_, hasTls, mode, reason) => {
    const { server, port } = await startTlsServer(hasTls);
    const opened = open(`postgresql://u:secret@127.0.0.1:${port}/x?${mode}&pool_timeout=2`);
    for (const error of await told(opened)) {
      expect(error).toMatchObject({ code: 'P1011', message: expect.stringMatching(reason) });
      expect(error.message).not.toContain('secret');
      expect(diagnose(error)).toMatchObject({ kind: 'tls', outcome: 'not-sent' });
    }
    await end(opened.db);
    server.close();
  },
);
