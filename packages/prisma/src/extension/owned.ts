import { PoolError, withOwner } from '@lifeguard/pool';
import { withCause } from '../prisma-errors.ts';
import type { Layer } from './layer.ts';

/** Runs an operation under its name, and gives a refusal its cause back. */
export const owned: Layer = ({ owner }, next) =>
  // Awaited inside: Prisma's promises are lazy and would start outside of the context.
  withOwner(owner, async () => {
    try {
      return await next();
    } catch (error) {
      if (owner.refusal instanceof PoolError && error instanceof Error && error !== owner.refusal) {
        withCause(error, owner.refusal);
      }
      throw error;
    }
  });
