/** How many connections the instances of one service may open together. */
export interface Plan {
  readonly instances: number;
  /** Whether somebody said how many there are; else it is counted as one. */
  readonly instancesGiven: boolean;
  /** Connections of one instance. */
  readonly limit: number;
  /** Where the limit comes from: `connection_limit in DATABASE_URL`. */
  readonly limitOrigin: string;
  /** Old and new instances at once during a deploy, as a multiple of `instances`. */
  readonly overlap: number;
  /** All together, at worst. */
  readonly connections: number;
}

/** Blue and green at once, or one instance that starts before the other has ended. */
export const DEFAULT_OVERLAP = 2;

/** Of what a server offers, the share that a plan may take: the rest is for migrations, consoles and surprises. */
export const SAFE_SHARE = 0.8;

export function makePlan({
  instances,
  limit,
  limitOrigin,
  overlap = DEFAULT_OVERLAP,
}: {
  /** Undefined: one. */
  readonly instances: number | undefined;
  readonly limit: number;
  readonly limitOrigin: string;
  readonly overlap?: number | undefined;
}): Plan {
  const counted = instances ?? 1;
  return {
    instances: counted,
    instancesGiven: instances !== undefined,
    limit,
    limitOrigin,
    overlap,
    connections: Math.ceil(counted * limit * overlap),
  };
}

/**
 * Connections that keep a server busy: twice its cores and one for each disk that seeks. More of them only
 * wait for each other (HikariCP, "About Pool Sizing", after PostgreSQL's own benchmarks).
 */
export function busyConnections(cores: number, spindles = 1): number {
  return cores * 2 + spindles;
}
