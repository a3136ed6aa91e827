import type { PoolErrorDetails } from './pool-error.ts';
import { PoolTimeoutError } from './pool-timeout-error.ts';

/** Who holds a connection and asks for another. */
export interface NestedRequest {
  readonly holder: string;
  /** Where the connection was taken or first used. */
  readonly holderSite: string | undefined;
  /** For what the second one is asked for: the label of its owner. */
  readonly asks: string | undefined;
  /** Where it is asked for. */
  readonly site: string | undefined;
}

const at = (site: string | undefined): string => (site ? ` at ${site}` : '');

/**
 * The caller holds a connection and asks for a second one, and so does everybody else: none of them
 * could go on. The youngest is refused, so that the others can. It is a wait that could only have ended
 * by its time-out, and is known before.
 */
export class SelfDeadlockError extends PoolTimeoutError {
  override readonly code = 'LIFEGUARD_SELF_DEADLOCK';

  constructor(
    { holder, holderSite, asks, site }: NestedRequest,
    holders: number,
    details: PoolErrorDetails,
  ) {
    const all =
      holders === 1 ? 'the only connection is held by it' : `all ${holders} holders do the same`;
    super(
      `timeout exceeded when trying to connect: ${holder} holds a connection${at(holderSite)} and asks for another one${at(site)}${asks ? ` for ${asks}` : ''}, while ${all}: nobody could go on. Inside a transaction use the transaction's own client (with Prisma: tx instead of prisma); outside, release the first connection before asking for a second.`,
      details,
    );
  }
}
