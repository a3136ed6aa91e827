import { whereOf } from '../../connection/connect.ts';
import { readTarget, type Target } from '../../connection/target.ts';
import { EXIT, type ExitCode } from '../../frame/exit-codes.ts';
import { jsonReport } from '../../frame/json.ts';
import type { Session } from '../../frame/session.ts';
import { UserError } from '../../frame/user-error.ts';
import { addressFor, environmentFor, type Place } from '../../size/address.ts';
import { askServer, placeOf, reckon } from '../../size/reckon.ts';
import type { SizeReport } from '../../size/report.ts';
import { upperFirst, wrap } from '../../terminal/words.ts';
import type { WriteOptions } from '../command.ts';
import { filesIn, refuseToOverwrite, userlist, type WrittenFiles, writeFiles } from './files.ts';
import { type IniOptions, isLoopback, pgbouncerIni } from './ini.ts';
import { type Login, logIn } from './login.ts';

const VERSION = 1;
const ANYWHERE = ['0.0.0.0', '::', '*'];
const TLS_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** Writes both files, and says what to do with them. */
export async function runWrite(options: WriteOptions, session: Session): Promise<ExitCode> {
  const files = filesIn(options.dir);
  if (!options.force) refuseToOverwrite(files);
  const target = readTarget(options.url, session.env);
  session.progress.show('asking the server');
  const login = await logIn(target, 'lifeguard pgbouncer', session);
  const place = { ...placeOf(target), user: login.user };
  const seen = await askServer(login.client, place);
  const report = reckon({ ...options, pooler: true }, seen, place);
  const { pooler } = report.sizing;
  // With `pooler` there always is one.
  if (!pooler) throw new UserError('there is nothing to pool');
  const ini = pgbouncerIni(place, pooler, iniOptions(options, files, target, login));
  writeFiles(files, { ini, userlist: userlist([login]) });
  session.print(
    options.json
      ? renderJson(options, files, report, login)
      : renderText(options, files, report, login, whereOf(target), session),
  );
  return EXIT.ok;
}

function iniOptions(
  { listenAddress, listenPort, authFile }: WriteOptions,
  files: WrittenFiles,
  target: Target,
  { authType }: Login,
): IniOptions {
  return {
    listenAddress,
    listenPort,
    authFile: authFile ?? files.userlist,
    authType,
    serverTls: tlsOf(target),
  };
}

function tlsOf({ resolved: { pgConfig } }: Target): IniOptions['serverTls'] {
  if (!pgConfig.connectionString) return undefined;
  const { searchParams } = new URL(pgConfig.connectionString);
  const mode = searchParams.get('sslmode') ?? '';
  if (!TLS_MODES.includes(mode)) return undefined;
  return { mode, caFile: searchParams.get('sslrootcert') ?? undefined };
}

/** Where clients find it, as far as is known here. */
function poolerAt({ listenAddress, listenPort }: WriteOptions): string {
  if (ANYWHERE.includes(listenAddress)) return `PGBOUNCER_HOST:${listenPort}`;
  return `${listenAddress.includes(':') ? `[${listenAddress}]` : listenAddress}:${listenPort}`;
}

function renderText(
  options: WriteOptions,
  files: WrittenFiles,
  { sizing, place, origins }: SizeReport,
  { authType, note, user }: Login,
  where: string,
  { width, colours }: Session,
): string {
  const at = poolerAt(options);
  const assumed = [
    ...(origins.cores === 'assumed' ? ['--db-cores'] : []),
    ...(origins.instances === 'assumed' ? ['--instances'] : []),
  ];
  const notes = [
    ...(note === undefined ? [] : [note]),
    ...(assumed.length > 0 ? [`some of the sizes are assumed: say ${assumed.join(' and ')}`] : []),
    ...(isLoopback(options.listenAddress)
      ? []
      : ['clients come over the network: switch on client_tls_sslmode (in the file)']),
  ];
  const files_ = [
    wrap(`${files.ini}: ${sizeOf(sizing.pooler)}`, width, '  ', '    '),
    wrap(
      `${files.userlist}: mode 0600, the ${authType === 'md5' ? 'MD5 hash' : 'SCRAM secret'} of ${user}, not the password`,
      width,
      '  ',
      '    ',
    ),
  ];
  return [
    colours.bold(wrap(`Written for ${where}`, width)),
    files_.join('\n'),
    ...notes.map((one) => wrap(`${upperFirst(one)}.`, width)),
    `${colours.dim('For the application')}\n${indented(environmentFor(place, sizing, at))}`,
    `${colours.dim('Start it as the user that shall run it, who must own userlist.txt')}\n${indented(
      [`chown postgres: ${files.userlist} ${files.ini}`, `pgbouncer -d ${files.ini}`],
    )}`,
    `${colours.dim('Before it goes live')}\n${indented([`lifeguard pgbouncer check "$DATABASE_URL" --direct "$DIRECT_URL"`])}`,
  ].join('\n\n');
}

function sizeOf(pooler: SizeReport['sizing']['pooler']): string {
  if (!pooler) return '';
  return `${pooler.maxClientConnections} clients share ${pooler.poolSize} connections to the server, ${pooler.reservePoolSize} more in reserve`;
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}

function renderJson(
  options: WriteOptions,
  files: WrittenFiles,
  { sizing, place }: SizeReport,
  { authType, note }: Login,
): string {
  const at = poolerAt(options);
  return jsonReport('pgbouncer', VERSION, {
    files,
    authType,
    note: note ?? null,
    sizes: sizing.pooler,
    url: addressFor(place, sizing, at),
    directUrl: directOf(place),
    environment: environmentFor(place, sizing, at),
  });
}

/** Without a password, as all addresses that are printed. */
function directOf({ user, host, port, database }: Place): string {
  return `postgresql://${encodeURIComponent(user)}:PASSWORD@${host}:${port}/${encodeURIComponent(database)}`;
}
