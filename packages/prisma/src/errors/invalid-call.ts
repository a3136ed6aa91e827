import { PrismaClientValidationError } from '@prisma/client/runtime/client';
import { clientVersion } from '../client-version.ts';

/** What Prisma throws for arguments that make no sense, of one of ours. */
export function invalidCall(model: string, operation: string, problem: string): Error {
  const client = `prisma.${model.charAt(0).toLowerCase()}${model.slice(1)}`;
  return new PrismaClientValidationError(
    `Invalid \`${client}.${operation}()\` invocation: ${problem}`,
    { clientVersion },
  );
}
