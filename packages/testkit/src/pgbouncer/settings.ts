export interface PgBouncerUser {
  readonly user: string;
  readonly password: string;
}

export interface PgBouncerOptions {
  /** The server behind it; all its databases are offered. */
  readonly target: PgBouncerUser & { readonly host: string; readonly port: number };
  /** Users besides the target's own, who is the console's administrator. */
  readonly users?: readonly PgBouncerUser[];
  /** As in pgbouncer.ini, over the defaults: loopback only, transaction mode, SCRAM. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** The text of pgbouncer.ini. */
export function pgbouncerIni({
  target,
  settings = {},
  port,
  userFile,
}: PgBouncerOptions & { readonly port: number; readonly userFile: string }): string {
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: userFile,
    admin_users: target.user,
    pool_mode: 'transaction',
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  return `[databases]\n* = host=${target.host} port=${target.port}\n\n[pgbouncer]\n${lines.join('\n')}\n`;
}

/** The text of userlist.txt: passwords as they are, which PgBouncer needs to log in to the server by SCRAM. */
export function userlist(users: readonly PgBouncerUser[]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return users.map(({ user, password }) => `${quoted(user)} ${quoted(password)}\n`).join('');
}
