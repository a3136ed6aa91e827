import type { Leak, PoolMode, PoolStats } from '@lifeguard/pool';

/**
 * What a watched process and `lifeguard run` say to each other: JSON, a line each, over a socket in a folder that
 * only this user can enter. Whatever comes the other way asks for a report.
 */
export const FOLDER_VARIABLE = 'LIFEGUARD_RUN';

export const ASK = '\n';

export interface Hello {
  readonly kind: 'hello';
  readonly pid: number;
  /** 0: the main thread. */
  readonly thread: number;
  /** The script that it runs, as `src/server.js`. */
  readonly program: string;
}

export interface ReportedPool {
  /** Within its process and thread. */
  readonly id: number;
  readonly mode: PoolMode;
  /** With the histograms' buckets, and everything listed. */
  readonly stats: PoolStats;
  /** It is the last that is heard of this pool. */
  readonly ended: boolean;
}

export interface Report {
  readonly kind: 'report';
  readonly pools: readonly ReportedPool[];
  /** Pools beyond those that are watched. */
  readonly unwatched: number;
  /** The driver is loaded, whoever has its connections. */
  readonly hasPg: boolean;
}

export interface LeakReport {
  readonly kind: 'leak' | 'leakEnded';
  readonly pool: number;
  readonly leak: Leak;
}

export type Message = Hello | Report | LeakReport;

/** Where the socket is, for both ends. */
export function socketIn(folder: string, platform: NodeJS.Platform = process.platform): string {
  // Windows has its sockets in a place of their own.
  const name = folder.split(/[\\/]/).at(-1);
  return platform === 'win32' ? `\\\\.\\pipe\\${name}` : `${folder}/socket`;
}

/** What a process writes as it ends: a socket sends nothing any more then. */
export function lastWordsIn(
  folder: string,
  { pid, thread }: Pick<Hello, 'pid' | 'thread'>,
): string {
  return `${folder}/${pid}-${thread}.json`;
}
