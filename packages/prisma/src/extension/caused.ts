import { restoreOrigin } from '../errors/known-error.ts';
import type { Layer } from './layer.ts';

/** Gives an error its cause and outcome back, which Prisma's copy of it has lost. */
export const caused: Layer = async (_, next) => {
  try {
    return await next();
  } catch (error) {
    throw restoreOrigin(error);
  }
};
