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
  /** Whether it keeps prepared statements from one transaction to the next, if it can (1.21 and later); as it does by itself. */
  readonly keepsPrepared?: boolean;
}

/** `[1, 18]`. */
export type PgBouncerVersion = readonly [major: number, minor: number];

export function canKeepPrepared([major, minor]: PgBouncerVersion): boolean {
  return major > 1 || minor >= 21;
}

/** What it keeps when nobody says so: since 1.24. */
export function keepsPreparedByItself([major, minor]: PgBouncerVersion): boolean {
  return major > 1 || minor >= 24;
}

/** The text of pgbouncer.ini. */
export function pgbouncerIni({
  target,
  settings = {},
  keepsPrepared,
  port,
  userFile,
  version,
}: PgBouncerOptions & {
  readonly port: number;
  readonly userFile: string;
  readonly version: PgBouncerVersion;
}): string {
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: userFile,
    admin_users: target.user,
    pool_mode: 'transaction',
    // Older ones refuse the line, and keep none.
    ...(keepsPrepared !== undefined &&
      canKeepPrepared(version) && { max_prepared_statements: keepsPrepared ? 200 : 0 }),
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
