import { currentContext, withOwner } from '@lifeguard/pool';
import type { Layer } from './layer.ts';

/** Runs an operation under its name. */
export const owned: Layer = ({ owner }, next) =>
  currentContext()?.owner === owner
    ? next()
    : // Awaited inside: Prisma's promises are lazy and would start outside of the context.
      withOwner(owner, async () => await next());
