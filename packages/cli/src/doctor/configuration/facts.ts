import type { OptionWarning } from '@lifeguard/pool';
import type { InvalidParameter } from '../../connection/target.ts';

/** What the application's pool will do, by who reads the address: not everybody reads all of it. */
export interface PoolPlan {
  readonly max: Setting<number>;
  /** Longest wait for a connection in ms; 0 is for ever. */
  readonly waitMillis: Setting<number>;
  readonly connectMillis: Setting<number>;
  /** 0 is none. */
  readonly statementMillis: Setting<number>;
}

export interface Setting<T> {
  readonly value: T;
  /** Where it comes from, to show: `connection_limit in DATABASE_URL`. */
  readonly origin: string;
  readonly isDefault: boolean;
}

/** Who opens the connections of the application in this folder. */
export type PoolReader = 'lifeguard' | 'prisma-engine' | 'prisma-adapter' | 'pg' | 'unknown';

export interface ProjectFacts {
  readonly folder: string;
  readonly reader: PoolReader;
  /** Versions of the packages that are installed there, or asked for in package.json. */
  readonly versions: Readonly<Record<string, string>>;
  /** The file of its code that names connectionTimeoutMillis, where only code can give it. */
  readonly waitBoundIn: string | undefined;
}

export type HostKind = 'socket' | 'loopback' | 'private' | 'remote';

export interface Platform {
  readonly name: string;
  /** What it is known by: `VERCEL in the environment`. */
  readonly sign: string;
}

/** What an application is told of its database: plain data, nothing judged, no password. */
export interface ConfigurationFacts {
  /** `--url`, `DATABASE_URL`, `DATABASE_URL in .env.production`. */
  readonly origin: string;
  readonly host: string;
  readonly hostKind: HostKind;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Names in the address, and values of those that are no secret. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly pool: PoolPlan;
  readonly applicationName: string | undefined;
  /** `pgbouncer=true` or the like. */
  readonly declaresPooler: boolean;
  /** sslmode or ssl of the address. */
  readonly tls: string | undefined;
  readonly warnings: readonly OptionWarning[];
  readonly invalid: readonly InvalidParameter[];
  /** Parameters of the address that an environment variable overrules. */
  readonly overruled: readonly { readonly parameter: string; readonly by: string }[];
  /** Another address for migrations: DIRECT_URL, DIRECT_DATABASE_URL and the like. */
  readonly directUrl: string | undefined;
  readonly platform: Platform | undefined;
  readonly project: ProjectFacts;
}
