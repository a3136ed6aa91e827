import type { Address } from '../connection/address.ts';
import { connectionFailure } from '../connection/explain.ts';
import { EXIT } from '../frame/exit-codes.ts';
import { UserError } from '../frame/user-error.ts';
import { wrap } from '../terminal/words.ts';

/** Why a PgBouncer's console does not answer: what stands there may be no PgBouncer, or not for this user. */
export function consoleFailure(
  error: Error & { code?: string },
  address: Address,
  width: number,
): UserError {
  const { user } = address;
  const where = `${address.host}:${address.port}`;
  if (error.code === '3D000') {
    return new UserError(
      `what stands at ${where} is PostgreSQL itself, or a pooler without a console: there is no database “pgbouncer”`,
      { exitCode: EXIT.unreachable, cause: error },
    );
  }
  if (/not allowed/i.test(error.message)) {
    const line = (text: string) => wrap(text, width, '  → ', '    ');
    return new UserError(`PgBouncer at ${where} does not let ${user} see its console`, {
      exitCode: EXIT.unreachable,
      details: [
        line('in pgbouncer.ini:'),
        `      stats_users = ${user}`,
        line('then, as an admin: RELOAD;'),
      ].join('\n'),
      cause: error,
    });
  }
  return connectionFailure(error, address, `pgbouncer at ${where}`, width);
}
