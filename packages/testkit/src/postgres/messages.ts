import type { RunAs } from './run-as.ts';

/** `fast` ends sessions and writes a checkpoint; `immediate` is a crash, with recovery at the next start. */
export type StopMode = 'fast' | 'immediate';

/** All that the keeper needs to make a server. */
export interface ClusterOptions {
  readonly nativeDir: string;
  readonly tempFolder: string;
  readonly runAs: RunAs | undefined;
  readonly user: string;
  readonly password: string;
  readonly settings: Readonly<Record<string, string | number>>;
  /** The connection string of the server that it is a streaming standby of. */
  readonly standbyOf?: string | undefined;
}

/** What the test's process asks of the keeper; one at a time, each answered by one reply. */
export type KeeperRequest =
  | { readonly kind: 'create'; readonly options: ClusterOptions }
  | { readonly kind: 'halt'; readonly mode: StopMode }
  | { readonly kind: 'resume' }
  | { readonly kind: 'remove'; readonly mode: StopMode };

export type KeeperReply =
  | {
      readonly kind: 'running';
      readonly pid: number;
      readonly port: number;
      readonly dataDir: string;
    }
  | { readonly kind: 'halted' }
  | { readonly kind: 'failed'; readonly message: string };

/** What the keeper tells unasked. */
export type KeeperEvent =
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'folder'; readonly folder: string };
