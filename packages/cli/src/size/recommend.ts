import { busyConnections, SAFE_SHARE } from '../plan/plan.ts';
import type { Preset } from './presets.ts';

/** With two an instance still works on something while one connection is held by a transaction; a third is kept for short statements. */
const LEAST = 3;
/** Clients beyond the plan that a pooler lets wait rather than refuses. */
const CLIENT_MARGIN = 1.25;
/** Of a pooler's connections, the share that it opens only when clients have waited for long. */
const RESERVE_SHARE = 0.2;
const POOL_TIMEOUT_SECONDS = 10;

export interface Situation {
  readonly preset: Preset;
  readonly instances: number;
  readonly overlap: number;
  /** Cores of the database's machine. */
  readonly cores: number;
  readonly maxConnections: number;
  /** For superusers and for pg_use_reserved_connections. */
  readonly reserved: number;
  /** Connections that other programs hold. */
  readonly others: number;
  /** A pooler stands in between already, or is wanted. */
  readonly wantsPooler: boolean;
}

export interface PoolerSizes {
  readonly poolSize: number;
  readonly reservePoolSize: number;
  readonly maxClientConnections: number;
}

/** What to set, and how it was reckoned. */
export interface Sizing {
  /** Connections that keep the server busy. */
  readonly busy: number;
  /** What the service may open at most, all instances together. */
  readonly ours: number;
  /** Instances at once during a deploy. */
  readonly running: number;
  /** What each of them could have of the server without a pooler. */
  readonly room: number;
  /** What one instance has use for. */
  readonly wanted: number;
  /** `connection_limit`. */
  readonly limit: number;
  readonly poolTimeoutSeconds: number;
  readonly connectTimeoutSeconds: number;
  /** All instances at worst, as the server sees them. */
  readonly total: number;
  readonly pooler: PoolerSizes | undefined;
  /** Why a pooler is due; undefined when it was only wished for, or is not. */
  readonly poolerBecause: 'serverless' | 'no room' | undefined;
}

/** Nothing is left for the service. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
}

/**
 * How many connections each instance should have, so that together they keep the server busy and never fill it: at most
 * 80 % of what it offers to applications, also during a deploy.
 *
 * @throws {NoRoomError} when others hold what there is.
 */
export function recommend(situation: Situation): Sizing {
  const { preset, instances, overlap, cores, maxConnections, reserved, others } = situation;
  const busy = busyConnections(cores);
  const ours = Math.floor((maxConnections - reserved) * SAFE_SHARE) - others;
  if (ours < 1) {
    throw new NoRoomError(
      `max_connections ${maxConnections}, less ${reserved} reserved and ${others} of others, leaves nothing within ${SAFE_SHARE * 100} %`,
    );
  }
  const running = Math.ceil(instances * overlap);
  const room = Math.floor(ours / running);
  const wanted = Math.min(preset.most, Math.max(LEAST, Math.ceil(busy / instances)));
  const poolerBecause = preset.isServerless
    ? 'serverless'
    : room < Math.min(LEAST, wanted)
      ? 'no room'
      : undefined;
  const pooler =
    poolerBecause || situation.wantsPooler ? poolerSizes(busy, ours, running * wanted) : undefined;
  const limit = pooler ? wanted : Math.min(wanted, room);
  return {
    busy,
    ours,
    running,
    room,
    wanted,
    limit,
    poolTimeoutSeconds: POOL_TIMEOUT_SECONDS,
    connectTimeoutSeconds: preset.connectTimeoutSeconds,
    total: pooler ? pooler.poolSize + pooler.reservePoolSize : running * limit,
    pooler,
    poolerBecause,
  };
}

/** The pooler alone meets the server: its pool is what keeps the server busy. */
function poolerSizes(busy: number, ours: number, clients: number): PoolerSizes {
  const poolSize = Math.max(1, Math.min(busy, Math.floor(ours / (1 + RESERVE_SHARE))));
  return {
    poolSize,
    reservePoolSize: Math.min(ours - poolSize, Math.ceil(poolSize * RESERVE_SHARE)),
    maxClientConnections: Math.max(100, Math.ceil((clients * CLIENT_MARGIN) / 100) * 100),
  };
}
