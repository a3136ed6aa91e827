import { sessionGuard } from '@lifeguard/guard';
import type { StorePrisma } from '../clients/client.ts';
import { notSignedIn, unavailable } from '../refusal.ts';
import type { Account, Authenticate } from './account.ts';

/**
 * Looks a session up once a minute.
 *
 * What was changed: a guard stands before the look-up. It remembers a session that was good less than a minute ago, makes one
 * look-up of those that come at once, and keeps a known session for up to 15 minutes when the database can't answer. Signing
 * out takes effect at once (`guard.revoke`), and what moves money can ask for a fresh look (`{ fresh: true }`).
 */
export function sessions(prisma: StorePrisma): Authenticate {
  const guard = sessionGuard<{ id: string }, Account>({
    validate: ({ id }) => lookUp(prisma, id),
    every: '60s',
    timeout: '5s',
    maxStale: '15m',
  });
  return async (token) => {
    const verdict = await guard.check({ id: token });
    if (verdict.valid && verdict.value) return verdict.value;
    throw !verdict.valid && verdict.reason === 'unavailable' ? unavailable() : notSignedIn();
  };
}

async function lookUp(prisma: StorePrisma, token: string): Promise<Account | null> {
  const session = await prisma.session.findFirst({
    where: { token, expiresAt: { gt: new Date() } },
    include: { user: { select: { name: true, email: true } } },
  });
  if (!session) return null;
  await prisma.session.update({ where: { id: session.id }, data: { lastSeenAt: new Date() } });
  return session.user;
}
