import { currentContext, withOwner } from '@lifeguard/pool';
import type { Layer } from './layer.ts';

/** Runs an operation under its name. */
export const owned: Layer = (call, next) =>
  currentContext()?.owner === call.owner ? next(call) : withOwner(call.owner, () => next(call));
