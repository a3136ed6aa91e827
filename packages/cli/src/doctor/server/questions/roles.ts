import type { Ask } from '../ask.ts';
import { numberOf, textOf } from '../columns.ts';
import type { RoleFact } from '../facts.ts';

const SQL = `
SELECT rolname AS name, rolconnlimit AS connection_limit
  FROM pg_roles WHERE rolcanlogin AND (rolconnlimit >= 0 OR rolname = current_user)`;

export async function askRoles(ask: Ask): Promise<RoleFact[]> {
  return (await ask(SQL)).map((row) => ({
    name: textOf(row, 'name'),
    connectionLimit: numberOf(row, 'connection_limit'),
  }));
}
