import type { StorePrisma } from '../clients/client.ts';
import { notSignedIn } from '../refusal.ts';

/** Who is signed in, as the head of every page shows it. */
export interface Account {
  readonly name: string;
  readonly email: string;
}

/** Says whose session a token is; a `not-signed-in` refusal when it is nobody's. */
export type Authenticate = (token: string) => Promise<Account>;

/**
 * Looks the session up at every request.
 *
 * What is wrong: whatever a page needs, it first costs three statements to learn what a moment ago was known already: the
 * session, its user, and a row that is written to say so. A shopper who clicks ten times a minute asks thirty times for one
 * name, and a pool that is busy with that has no connection left for the pages themselves.
 */
export function sessions(prisma: StorePrisma): Authenticate {
  return async (token) => {
    const session = await prisma.session.findFirst({
      where: { token, expiresAt: { gt: new Date() } },
      include: { user: { select: { name: true, email: true } } },
    });
    if (!session) throw notSignedIn();
    await prisma.session.update({
      where: { id: session.id },
      data: { lastSeenAt: new Date() },
    });
    return session.user;
  };
}
