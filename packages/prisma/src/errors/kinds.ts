import { type DiagnosisKind, diagnose } from '@lifeguard/guard';

/** The connection is gone. */
export const LOST: ReadonlySet<DiagnosisKind> = new Set<DiagnosisKind>([
  'stale-connection',
  'server-terminated',
  'idle-in-transaction-killed',
  // The server's own limit for transactions ends the session as well.
  'tx-expired',
]);

/**
 * SQLSTATE classes that speak of the connection or of a limit: connection exception, transaction state,
 * resources, operator intervention. All others are the server's word on the statement or the data.
 */
const OF_THE_CONNECTION = /^(?:08|25P|53|57)/;

/** What kind of failure it is, unless the server speaks of the statement or the data. */
export function kindOfConnection(error: unknown): DiagnosisKind | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  const isServersWord = typeof code === 'string' && severity !== undefined;
  if (isServersWord && !OF_THE_CONNECTION.test(code)) return undefined;
  return diagnose(error).kind;
}

export function isLostConnection(error: unknown): boolean {
  const kind = kindOfConnection(error);
  return kind !== undefined && LOST.has(kind);
}

/** The server cancelled it, at a limit or on request, or nobody waits for its answer any more. */
export function isCutShort(error: unknown): boolean {
  return kindOfConnection(error) === 'statement-timeout';
}
