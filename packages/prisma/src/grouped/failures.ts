import { clientVersion } from '../client-version.ts';

export function notReached(): Error {
  return new Error(
    'findManyGrouped has not reached the adapter of lifeguard(). Make the client with it, as in ' +
      'new PrismaClient({ adapter: db.adapter }), and let extensions that change the arguments of findMany keep `skip`.',
  );
}

export function rowsChanged(before: number, after: number): Error {
  return new Error(
    `findManyGrouped has read ${before} rows and another extension has made ${after} of them, so that their groups are ` +
      'not known any more. Let that extension add to `where` instead.',
  );
}

export function notUnderstood(): Error {
  return new Error(
    `findManyGrouped does not understand the statement that Prisma ${clientVersion} has made, and has not run it. ` +
      'Please report it with the arguments of the call; $queryRaw with LATERAL does the same.',
  );
}
